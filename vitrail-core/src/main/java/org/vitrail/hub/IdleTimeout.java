package org.vitrail.hub;

import java.time.Duration;

/** Closes a connection on which no data has arrived for a while; Java's client would wait forever. */
final class IdleTimeout implements AutoCloseable {
    private final Thread thread;
    private volatile long heard = System.nanoTime();

    IdleTimeout(HubResponse reply, Duration silence) {
        thread = Thread.ofPlatform().daemon().name("vitrail-download").start(() -> watch(reply, silence));
    }

    /** Reports that data arrived, which restarts the timeout. */
    void heard() {
        heard = System.nanoTime();
    }

    private void watch(HubResponse reply, Duration silence) {
        try {
            long left = silence.toNanos();
            while (left > 0) {
                Thread.sleep(Duration.ofNanos(left));
                left = silence.toNanos() - (System.nanoTime() - heard);
            }
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
