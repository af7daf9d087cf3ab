package org.vitrail.hub;

import java.time.Duration;

/**
 * How long a server is borne with.
 *
 * @param attempts failures in a row, without anything new in between, after which the download is given up
 * @param firstPause before the second attempt; each further pause is twice as long
 * @param silence of the server, after which a connection counts as broken
 */
public record RetryPolicy(int attempts, Duration firstPause, Duration silence) {
    public RetryPolicy {
        if (attempts < 1 || firstPause.isNegative() || !silence.isPositive()) {
            throw new IllegalArgumentException(
                    "at least one attempt, no negative pause and some silence are needed, not " + attempts + ", "
                            + firstPause + ", " + silence);
        }
    }

    /** Six attempts over half a minute. */
    public static RetryPolicy defaults() {
        return new RetryPolicy(6, Duration.ofSeconds(1), Duration.ofSeconds(60));
    }

    /** One attempt, where there is something to fall back on. */
    RetryPolicy withoutRetries() {
        return new RetryPolicy(1, firstPause, silence);
    }
}
