package org.vitrail.cli;

/** The process's exit codes. */
final class ExitCode {
    static final int DONE = 0;
    static final int INTERNAL_ERROR = 1;
    static final int UNUSABLE_INPUT = 2;
    static final int NOT_PROVED = 3;

    private ExitCode() {}
}
