package org.vitrail.hub;

import java.time.Duration;

/**
 * Limits retries and idle time of downloads.
 *
 * @param attempts number of consecutive failures, without new data in between, after which the download fails
 * @param firstPause pause before the second attempt; each further pause is twice as long
 * @param silence time without data after which a connection counts as broken
 */
public record RetryPolicy(int attempts, Duration firstPause, Duration silence) {
    public RetryPolicy {
        if (attempts < 1 || firstPause.isNegative() || !silence.isPositive()) {
            throw new IllegalArgumentException("attempts and silence must be positive and the pause not negative, got "
                    + attempts + ", " + firstPause + ", " + silence);
        }
    }

    /** Six attempts over half a minute. */
    public static RetryPolicy defaults() {
        return new RetryPolicy(6, Duration.ofSeconds(1), Duration.ofSeconds(60));
    }

    /** A policy of one attempt, for use when there is a fallback. */
    RetryPolicy withoutRetries() {
        return new RetryPolicy(1, firstPause, silence);
    }
}
