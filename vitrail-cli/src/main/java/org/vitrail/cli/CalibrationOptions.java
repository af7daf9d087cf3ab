package org.vitrail.cli;

import org.vitrail.image.ImageSource;
import picocli.CommandLine.Option;

/** How many pictures a model is calibrated on, and which. */
final class CalibrationOptions {
    @Option(
            names = "--count",
            defaultValue = "128",
            paramLabel = "N",
            description = "Pictures to calibrate on (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = "--seed",
            defaultValue = "0",
            paramLabel = "S",
            description = "Decides which pictures (default: ${DEFAULT-VALUE}).")
    private long seed;

    void requirePositive() {
        ThreadsOption.requirePositive("--count", count);
    }

    int count() {
        return count;
    }

    long seed() {
        return seed;
    }

    /** As in "128 of the 1000 in train, seed 0". */
    String describe(ImageSource source, Object folder) {
        return describe(source, folder, 1);
    }

    /** As in "128 of the 1000 in train, seeds 0 to 3", where there are four choices. */
    String describe(ImageSource source, Object folder, int draws) {
        return Math.min(count, source.size()) + " of the " + source.size() + " in " + folder
                + (draws == 1 ? ", seed " + seed : ", seeds " + seed + " to " + (seed + draws - 1));
    }
}
