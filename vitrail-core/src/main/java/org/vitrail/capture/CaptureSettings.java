package org.vitrail.capture;

/**
 * The limits of calibration: rows and memory to keep, threads and seed.
 *
 * @param sampleRows rows kept of each value, over all examples
 * @param passBytes bytes of the finished statistics of one pass: more values are captured in more passes over the
 *     examples. While examples are added up, each Gram matrix takes {@link Capture#partialSums} times as much
 * @param seed seed of the choice of rows
 */
public record CaptureSettings(int threads, int sampleRows, long passBytes, long seed) {
    public CaptureSettings {
        if (threads < 1 || sampleRows < 1 || passBytes < 1) {
            throw new IllegalArgumentException("capture needs a thread, a row and a byte at least, got " + threads
                    + ", " + sampleRows + ", " + passBytes);
        }
    }

    public static CaptureSettings defaults() {
        return new CaptureSettings(Runtime.getRuntime().availableProcessors(), 1024, 256L << 20, 0);
    }

    public CaptureSettings withThreads(int newThreads) {
        return new CaptureSettings(newThreads, sampleRows, passBytes, seed);
    }

    public CaptureSettings withSampleRows(int newSampleRows) {
        return new CaptureSettings(threads, newSampleRows, passBytes, seed);
    }

    public CaptureSettings withPassBytes(long newPassBytes) {
        return new CaptureSettings(threads, sampleRows, newPassBytes, seed);
    }

    public CaptureSettings withSeed(long newSeed) {
        return new CaptureSettings(threads, sampleRows, passBytes, newSeed);
    }

    /** All settings as one text, of a form that stays; threads, on which no result depends, always read 1. */
    public String describe() {
        return "CaptureSettings[threads=1, sampleRows=" + sampleRows
                + ", passBytes=" + passBytes
                + ", seed=" + seed + "]";
    }
}
