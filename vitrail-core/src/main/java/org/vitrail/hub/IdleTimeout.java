package org.vitrail.hub;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Closes a connection on which no data, or next to none, has arrived for a while; Java's client would wait forever. After
 * each period of {@code silence}, at least {@link RetryPolicy#MIN_BYTES_PER_SECOND} must have arrived in it.
 */
final class IdleTimeout implements AutoCloseable {
    private final Thread thread;
    private final AtomicLong received = new AtomicLong();

    IdleTimeout(HubResponse reply, Duration silence) {
        thread = Thread.ofPlatform().daemon().name("vitrail-download").start(() -> watch(reply, silence));
    }

    /** Reports that {@code bytes} arrived. */
    void heard(int bytes) {
        received.addAndGet(bytes);
    }

    private void watch(HubResponse reply, Duration silence) {
        try {
            long least = Math.max(1, silence.toMillis() * RetryPolicy.MIN_BYTES_PER_SECOND / 1000);
            do {
                received.set(0);
                Thread.sleep(silence);
            } while (received.get() >= least);
            reply.close();
        } catch (InterruptedException e) {
            // The transfer has ended.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
