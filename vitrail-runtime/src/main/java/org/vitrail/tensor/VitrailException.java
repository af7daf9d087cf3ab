package org.vitrail.tensor;

/**
 * An error that the user can mend: what was given cannot be used, or a server or file is out of reach. The message is one
 * sentence that says where, what was wanted, what came, and what to do; the command line prints it and exits with code 2. Names
 * from files are part of it, so that {@link PlainText#line} removes control characters and cuts it.
 */
public final class VitrailException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    public VitrailException(String message) {
        this(message, null, false);
    }

    public VitrailException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private VitrailException(String message, Throwable cause, boolean retryable) {
        super(PlainText.line(message), cause);
        this.retryable = retryable;
    }

    /** An error that may pass by itself, such as a broken connection, a busy server or a lock that another process holds. */
    public static VitrailException retryable(String message, Throwable cause) {
        return new VitrailException(message, cause, true);
    }

    /** Returns whether the same call can succeed later with nothing changed. */
    public boolean isRetryable() {
        return retryable;
    }
}
