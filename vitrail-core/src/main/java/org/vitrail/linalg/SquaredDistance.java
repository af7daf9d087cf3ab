package org.vitrail.linalg;

/** The squared Euclidean distance ‖a − b‖² of two vectors, summed in double in the order of their elements. */
public final class SquaredDistance {
    private SquaredDistance() {}

    /** ‖a − b‖² over all elements of {@code a}. */
    public static double between(float[] a, float[] b) {
        return between(a, b, 0, a.length);
    }

    /** ‖a − b‖² over the elements {@code from} (inclusive) to {@code to} (exclusive). */
    public static double between(float[] a, float[] b, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return sum;
    }

    /** ‖a‖². */
    public static double fromZero(float[] a) {
        return between(new float[a.length], a);
    }
}
