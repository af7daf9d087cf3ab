package org.vitrail.benchmarks;

import java.lang.management.ManagementFactory;
import org.vitrail.work.Progress;

/**
 * How much of the Java heap long work really needs: what is left after a collection, at the beginning and at the end of
 * each stage. What was gathered over the images is whole there.
 */
final class LiveHeap implements Progress {
    private long peakBytes;

    LiveHeap() {
        look();
    }

    /** The most bytes that a collection left in use so far. */
    long peakBytes() {
        return peakBytes;
    }

    private synchronized void look() {
        System.gc();
        peakBytes = Math.max(
                peakBytes,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    @Override
    public Stage begin(String name, int total) {
        look();
        return new Stage() {
            @Override
            public void step() {}

            @Override
            public void close() {
                look();
            }
        };
    }
}
