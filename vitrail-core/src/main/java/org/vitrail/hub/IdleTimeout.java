package org.vitrail.hub;

import java.time.Duration;

/** Ends a connection on which nothing comes any more; Java's client would wait for ever. */
final class IdleTimeout implements AutoCloseable {
    private final Thread thread;
    private volatile long heard = System.nanoTime();

    IdleTimeout(HubResponse reply, Duration silence) {
        thread = Thread.ofPlatform().daemon().name("vitrail-download").start(() -> watch(reply, silence));
    }

    /** Something came. */
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
            // The transfer is over.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
