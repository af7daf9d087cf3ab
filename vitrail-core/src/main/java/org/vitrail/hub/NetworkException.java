package org.vitrail.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;

/** Reports that a server could not be reached, closed the connection, or is busy. The message is part of a sentence. */
final class NetworkException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Duration> wish;
    private final boolean worthRetrying;

    private NetworkException(String message, Optional<Duration> wish, boolean worthRetrying, Throwable cause) {
        super(message, cause);
        this.wish = wish;
        this.worthRetrying = worthRetrying;
    }

    /** @param wish how long the server asks clients to wait */
    static NetworkException busy(String host, int status, Optional<Duration> wish) {
        return new NetworkException(host + " answered " + status, wish, true, null);
    }

    /** A response that is no valid HTTP; asking again does not help. */
    static NetworkException invalid(String host, RuntimeException e) {
        return new NetworkException(
                host + " answered with headers that are no valid HTTP (" + e.getMessage() + ")",
                Optional.empty(),
                false,
                e);
    }

    static NetworkException of(String host, IOException e) {
        return switch (e) {
            case NetworkException already -> already;
            case SSLHandshakeException untrusted ->
                new NetworkException(
                        "the certificate of " + host + " is not trusted: " + untrusted.getMessage(),
                        Optional.empty(),
                        false,
                        e);
            case HttpTimeoutException late -> retryableFailure(host + " does not answer", late);
            case ConnectException unreachable -> retryableFailure("no connection to " + host, unreachable);
            default -> retryableFailure("the connection to " + host + " broke: " + e.getMessage(), e);
        };
    }

    private static NetworkException retryableFailure(String message, IOException e) {
        return new NetworkException(message, Optional.empty(), true, e);
    }

    Optional<Duration> wish() {
        return wish;
    }

    boolean isWorthRetrying() {
        return worthRetrying;
    }
}
