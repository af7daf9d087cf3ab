package org.vitrail.cli;

import java.nio.file.Path;
import org.vitrail.report.JsonReport;
import picocli.CommandLine.Option;

/** {@code --json FILE}: everything that is printed, for programs. */
final class JsonOption {
    @Option(names = "--json", paramLabel = "FILE", description = "Write every figure to FILE as JSON, too.")
    private Path file;

    /** Before any work: throws where the file could not be written afterwards. */
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
