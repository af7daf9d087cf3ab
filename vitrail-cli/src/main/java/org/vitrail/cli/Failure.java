package org.vitrail.cli;

import org.vitrail.report.Units;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.VitrailException;

/** The sentence and the exit code for a failure. */
record Failure(String sentence, int exitCode) {
    private static final int MAX_CAUSES = 20;

    /** Returns the failure for anything that a command throws; causes are searched for what the user can mend. */
    static Failure of(Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
            switch (cause) {
                case VitrailException known -> {
                    return unusable(known.getMessage());
                }
                case OutOfMemoryError memory -> {
                    return outOfMemory(memory);
                }
                case StackOverflowError depth -> {
                    return unusable("the model or file is nested too deeply to be read: export it again");
                }
                case UnsatisfiedLinkError library -> {
                    return unusable("a native library cannot be loaded (" + InputFile.reasonOf(library)
                            + "): check that the temporary folder " + System.getProperty("java.io.tmpdir")
                            + " exists, has space and may hold programs");
                }
                default -> {}
            }
        }
        return new Failure(
                "internal error, " + thrown + " (--stacktrace shows where; please report it)", ExitCode.INTERNAL_ERROR);
    }

    /** The memory did not suffice, whether the heap or memory beside it. */
    static Failure outOfMemory(OutOfMemoryError e) {
        return unusable("not enough memory (" + e.getMessage() + "), with a Java heap of at most "
                + Units.bytes(Runtime.getRuntime().maxMemory())
                + ": give it more with VITRAIL_JAVA_OPTS=-Xmx4g, or let fewer threads work at once with --threads 1");
    }

    private static Failure unusable(String sentence) {
        return new Failure(sentence, ExitCode.UNUSABLE_INPUT);
    }
}
