package org.vitrail.linalg;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/**
 * Room outside the Java heap for the three matrices of a product, kept for the next one. Given Java arrays, the bindings
 * would allocate that room in each call, fill it with the result's zeros and copy the operands back too, which takes a
 * tenth to a quarter of the time of a product of the size that searches ask for.
 */
final class NativeMatrices {
    /** Larger products allocate their room for themselves alone. */
    private static final long MAX_POOLED_BYTES = 32L << 20;

    /** Those that no thread uses now; the last one used comes first, so that there are no more than threads. */
    private static final Deque<NativeMatrices> IDLE = new ConcurrentLinkedDeque<>();

    private FloatPointer a = new FloatPointer();
    private FloatPointer b = new FloatPointer();
    private FloatPointer c = new FloatPointer();

    private NativeMatrices() {}

    /** op(A)·op(B) [m × n], as {@code cblas_sgemm} wants it described. */
    static float[] multiply(
            int transA, int transB, float[] a, float[] b, int m, int k, int n, int strideA, int strideB) {
        float[] product = new float[Math.multiplyExact(m, n)];
        NativeMatrices room = IDLE.pollFirst();
        if (room == null) {
            room = new NativeMatrices();
        }
        room.a = filled(room.a, a);
        room.b = filled(room.b, b);
        room.c = roomFor(room.c, product.length);
        openblas.cblas_sgemm(
                openblas.CblasRowMajor, transA, transB, m, n, k, 1f, room.a, strideA, room.b, strideB, 0f, room.c, n);
        room.c.get(product);
        if (room.bytes() <= MAX_POOLED_BYTES) {
            IDLE.addFirst(room);
        } else {
            room.free();
        }
        return product;
    }

    private static FloatPointer filled(FloatPointer pointer, float[] values) {
        return roomFor(pointer, values.length).put(values);
    }

    private static FloatPointer roomFor(FloatPointer pointer, long count) {
        if (!pointer.isNull() && pointer.capacity() >= count) {
            return pointer;
        }
        pointer.close();
        return new FloatPointer(Math.max(1, count));
    }

    private long bytes() {
        return Float.BYTES * (a.capacity() + b.capacity() + c.capacity());
    }

    private void free() {
        a.close();
        b.close();
        c.close();
    }
}
