package org.vitrail.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.vitrail.tensor.VitrailException;

/** Bounds of every reader: what it may throw, allocate and take of time for an input. */
final class ReaderBounds {
    /** Bytes of heap that any input may take; a megapixel picture takes 3 MB a copy. */
    private static final long FREE_BYTES = 96L << 20;

    /** Bytes of heap for each byte of input beyond. */
    private static final long BYTES_PER_BYTE = 256;

    /** Processor time in nanoseconds that any input may take, also under instrumentation. */
    private static final long FREE_NANOS = 4_000_000_000L;

    private static final int MAX_MESSAGE = 4000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private ReaderBounds() {}

    /**
     * Reads a file and checks the bounds. What is over them is read again: the first time, classes are loaded, and
     * instrumented when fuzzing.
     *
     * @throws AssertionError when a bound is broken, or the reader throws anything but a {@link VitrailException}
     */
    static void check(UntrustedReader reader, Path file, int length) {
        Cost cost = cost(reader, file);
        for (int again = 0; again < 3 && !cost.isWithin(length); again++) {
            cost = cost(reader, file);
        }
        if (!cost.isWithin(length)) {
            throw new AssertionError(length + " bytes of input took " + cost.nanos / 1_000_000 + " ms and " + cost.bytes
                    + " bytes of heap");
        }
    }

    /** The cost of one reading: bytes allocated on the heap, and processor time in nanoseconds. */
    private record Cost(long bytes, long nanos) {
        boolean isWithin(int length) {
            return bytes <= FREE_BYTES + BYTES_PER_BYTE * length && nanos <= FREE_NANOS;
        }
    }

    private static Cost cost(UntrustedReader reader, Path file) {
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long nanos = THREADS.getCurrentThreadCpuTime();
        try {
            reader.read(file);
        } catch (VitrailException refused) {
            requireReadable(refused);
        }
        return new Cost(THREADS.getCurrentThreadAllocatedBytes() - bytes, THREADS.getCurrentThreadCpuTime() - nanos);
    }

    /** Requires that a message is one line of printable text of bounded length. */
    static void requireReadable(VitrailException refused) {
        String message = refused.getMessage();
        if (message == null || message.isBlank() || message.length() > MAX_MESSAGE) {
            throw new AssertionError("a message of no or too many characters: " + message, refused);
        }
        if (message.codePoints().anyMatch(Character::isISOControl)) {
            throw new AssertionError("control characters in the message: " + message, refused);
        }
    }
}
