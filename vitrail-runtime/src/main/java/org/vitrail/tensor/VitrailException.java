package org.vitrail.tensor;

/**
 * Reports input from the user that cannot be used. The message is one sentence that says where the problem is, what was
 * wanted, what was found, and what to do; the command line prints it and exits with code 2.
 */
public final class VitrailException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public VitrailException(String message) {
        super(message);
    }

    public VitrailException(String message, Throwable cause) {
        super(message, cause);
    }
}
