package org.vitrail.quantizer;

/**
 * The number of bits of a code.
 *
 * @param bits 2 to 10
 */
public record BitWidth(int bits) {
    public static final int MIN_BITS = 2;
    public static final int MAX_BITS = 10;

    public BitWidth {
        if (bits < MIN_BITS || bits > MAX_BITS) {
            throw new IllegalArgumentException(
                    "a bit width must lie between " + MIN_BITS + " and " + MAX_BITS + ", got " + bits);
        }
    }

    /** Returns the codes 0 … 2^b − 1, for asymmetric quantizers. */
    public Grid unsigned() {
        return new Grid(0, (1 << bits) - 1);
    }

    /** Returns the codes −(2^(b−1) − 1) … 2^(b−1) − 1, for weights: symmetric about 0, so −2^(b−1) is left out. */
    public Grid symmetric() {
        int highest = (1 << (bits - 1)) - 1;
        return new Grid(-highest, highest);
    }

    @Override
    public String toString() {
        return Integer.toString(bits);
    }
}
