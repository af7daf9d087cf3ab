package org.vitrail.hub;

import java.time.Duration;

/**
 * Limits retries and idle time of downloads.
 *
 * @param attempts number of consecutive failures, without new data in between, after which the download fails
 * @param firstPause pause before the second attempt; each further pause is twice as long
 * @param silence time without data, or with fewer than {@link #MIN_BYTES_PER_SECOND}, after which a connection counts as
 *     broken
 */
public record RetryPolicy(int attempts, Duration firstPause, Duration silence) {
    /** The least rate of a download: at this rate a model of 100 MB would take a day. */
    static final long MIN_BYTES_PER_SECOND = 1024;

    public RetryPolicy {
        if (attempts < 1 || firstPause.isNegative() || !silence.isPositive()) {
            throw new IllegalArgumentException("attempts and silence must be positive and the pause not negative, got "
                    + attempts + ", " + firstPause + ", " + silence);
        }
    }

    /** Five attempts; a server that never answers is given up after two minutes. */
    public static RetryPolicy defaults() {
        return new RetryPolicy(5, Duration.ofSeconds(1), Duration.ofSeconds(20));
    }

    /** A policy of one attempt, for use when there is a fallback. */
    RetryPolicy withoutRetries() {
        return new RetryPolicy(1, firstPause, silence);
    }
}
