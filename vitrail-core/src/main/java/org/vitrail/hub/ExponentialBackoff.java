package org.vitrail.hub;

import java.time.Duration;
import org.vitrail.tensor.VitrailException;

/** Retries with exponential back-off: counts consecutive failures and doubles the pause between attempts. */
final class ExponentialBackoff {
    private static final Duration MAX_PAUSE = Duration.ofSeconds(60);

    private final RetryPolicy retryPolicy;
    private int failures;

    ExponentialBackoff(RetryPolicy retryPolicy) {
        this.retryPolicy = retryPolicy;
    }

    /** An operation that may fail because of the network. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws NetworkException;
    }

    /** Returns the result of the first successful attempt; throws the last failure after too many. */
    static <T> T of(RetryPolicy retryPolicy, Attempt<T> attempt) throws NetworkException {
        ExponentialBackoff retries = new ExponentialBackoff(retryPolicy);
        while (true) {
            try {
                return attempt.run();
            } catch (NetworkException e) {
                retries.pauseAfter(e);
            }
        }
    }

    /** Waits before the next attempt; throws the failure if no attempts are left or retrying cannot help. */
    void pauseAfter(NetworkException failure) throws NetworkException {
        failures++;
        if (failures >= retryPolicy.attempts() || !failure.isWorthRetrying()) {
            throw failure;
        }
        Duration pause = retryPolicy.firstPause().multipliedBy(1L << Math.min(failures - 1, 16));
        Duration longer =
                failure.wish().filter(asked -> asked.compareTo(pause) > 0).orElse(pause);
        sleep(longer.compareTo(MAX_PAUSE) < 0 ? longer : MAX_PAUSE);
    }

    /** Resets the count of failures, because new data arrived. */
    void begin() {
        failures = 0;
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** The exception that ends a download when its thread is interrupted. */
    static VitrailException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new VitrailException("the download was interrupted; the next one resumes where it stopped", e);
    }
}
