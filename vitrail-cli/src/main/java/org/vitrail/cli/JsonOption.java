package org.vitrail.cli;

import java.nio.file.Path;
import org.vitrail.report.JsonReport;
import picocli.CommandLine.Option;

/** The option {@code --json FILE}: writes everything that is printed as JSON. */
final class JsonOption {
    @Option(names = "--json", paramLabel = "FILE", description = "Also write every figure to FILE as JSON.")
    private Path file;

    /** Throws where the file could not be written; called before any work. */
    void requireWritable() {
        if (file != null) {
            Outputs.requireWritable(file);
        }
    }

    void write(Object result) {
        if (file != null) {
            JsonReport.write(result, file);
        }
    }
}
