package org.vitrail.search;

/**
 * The sums that determine every similarity between a float output O and its quantized form Ô = O + E. They are sums of
 * the error E instead of Ô: at 8 bits E is a hundredth of O, and would be lost in differences of large sums.
 *
 * @param count the number of values
 */
public record Moments(double count, double sumO, double sumOO, double sumE, double sumEE, double sumOE) {
    public static final Moments NONE = new Moments(0, 0, 0, 0, 0, 0);

    public Moments plus(Moments more) {
        return new Moments(
                count + more.count,
                sumO + more.sumO,
                sumOO + more.sumOO,
                sumE + more.sumE,
                sumEE + more.sumEE,
                sumOE + more.sumOE);
    }

    /** Returns the moments of two arrays of the same length. */
    public static Moments of(float[] original, float[] quantized) {
        double o = 0;
        double oo = 0;
        double e = 0;
        double ee = 0;
        double oe = 0;
        for (int i = 0; i < original.length; i++) {
            double value = original[i];
            double error = (double) quantized[i] - original[i];
            o += value;
            oo += value * value;
            e += error;
            ee += error * error;
            oe += value * error;
        }
        return new Moments(original.length, o, oo, e, ee, oe);
    }
}
