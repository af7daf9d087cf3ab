package org.vitrail.hub;

import java.time.Duration;
import org.vitrail.tensor.VitrailException;

/** Counts failures in a row and waits between attempts, each time twice as long. */
final class ExponentialBackoff {
    private static final Duration MAX_PAUSE = Duration.ofSeconds(60);

    private final RetryPolicy patience;
    private int failures;

    ExponentialBackoff(RetryPolicy patience) {
        this.patience = patience;
    }

    /** Something that may fail because of the network. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws NetworkException;
    }

    /** The result of the first attempt that does not fail; the last failure where there are too many. */
    static <T> T of(RetryPolicy patience, Attempt<T> attempt) throws NetworkException {
        ExponentialBackoff retries = new ExponentialBackoff(patience);
        while (true) {
            try {
                return attempt.run();
            } catch (NetworkException e) {
                retries.pauseAfter(e);
            }
        }
    }

    /** Waits before the next attempt; throws the failure where no further one is due, or could not help. */
    void pauseAfter(NetworkException failure) throws NetworkException {
        failures++;
        if (failures >= patience.attempts() || !failure.isWorthRetrying()) {
            throw failure;
        }
        Duration pause = patience.firstPause().multipliedBy(1L << Math.min(failures - 1, 16));
        Duration longer =
                failure.wish().filter(asked -> asked.compareTo(pause) > 0).orElse(pause);
        sleep(longer.compareTo(MAX_PAUSE) < 0 ? longer : MAX_PAUSE);
    }

    /** Something new came: the failures before it do not count any more. */
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

    /** What ends a download in a thread that is asked to stop. */
    static VitrailException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new VitrailException("the download was interrupted; the next one goes on where it stopped", e);
    }
}
