package org.vitrail.cli;

import org.vitrail.tensor.VitrailException;
import picocli.CommandLine.Option;

/** The option {@code --threads N}; results do not depend on it. */
final class ThreadsOption {
    @Option(names = "--threads", paramLabel = "N", description = "Threads to work with (default: one for each core).")
    private Integer threads;

    int count() {
        if (threads == null) {
            return Runtime.getRuntime().availableProcessors();
        }
        requirePositive("--threads", threads);
        return threads;
    }

    /** Throws {@link VitrailException} where an option that needs a positive count was given none. */
    static void requirePositive(String option, int value) {
        if (value < 1) {
            throw new VitrailException(option + " takes a number from 1 on, got " + value);
        }
    }
}
