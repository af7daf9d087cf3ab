package org.vitrail.benchmarks;

import java.lang.management.ManagementFactory;
import org.vitrail.work.Progress;

/**
 * Measures the live Java heap of long work: the bytes in use after a garbage collection, at the beginning and at the
 * end of each stage, when the statistics gathered over the images are complete.
 */
final class LiveHeap implements Progress {
    private long peakBytes;

    LiveHeap() {
        measure();
    }

    /** The largest number of bytes in use after a collection so far. */
    long peakBytes() {
        return peakBytes;
    }

    private synchronized void measure() {
        System.gc();
        peakBytes = Math.max(
                peakBytes,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    @Override
    public Stage begin(String name, int total) {
        measure();
        return new Stage() {
            @Override
            public void step() {}

            @Override
            public void close() {
                measure();
            }
        };
    }
}
