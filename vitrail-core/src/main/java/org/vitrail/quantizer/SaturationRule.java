package org.vitrail.quantizer;

/**
 * Defines the weight codes for which u8 × s8 kernels are exact on x86 processors without VNNI. Their {@code vpmaddubsw}
 * multiplies unsigned activations by signed weights and adds the products of two neighbouring input channels k = 2i, 2i
 * + 1 of one output channel in 16 bits with saturation. With activations up to 255 nothing saturates if in every such
 * pair the positive weights add up to at most 128 and the negative ones to at least −128, since 255 · 128 = 32640 ≤
 * 32767.
 */
public final class SaturationRule {
    /** The largest absolute sum of the weights of one sign in a pair. */
    public static final int MAX_PAIR_SUM = 128;

    private SaturationRule() {}

    /** Returns whether two neighbouring weights of one output channel can never saturate. */
    public static boolean holds(int first, int second) {
        int positive = Math.max(first, 0) + Math.max(second, 0);
        int negative = Math.min(first, 0) + Math.min(second, 0);
        return positive <= MAX_PAIR_SUM && negative >= -MAX_PAIR_SUM;
    }

    /** Returns the code nearest to {@code second} that satisfies the rule beside {@code first}. */
    public static int clip(int second, int first) {
        return first > 0 ? Math.min(second, MAX_PAIR_SUM - first) : Math.max(second, -MAX_PAIR_SUM - first);
    }

    /** Returns the number of pairs in a row-major [rows × columns] matrix of codes that break the rule. */
    public static long violations(short[] codes, int rows, int columns) {
        long violations = 0;
        for (int k = 0; k + 1 < rows; k += 2) {
            for (int n = 0; n < columns; n++) {
                if (!holds(codes[k * columns + n], codes[(k + 1) * columns + n])) {
                    violations++;
                }
            }
        }
        return violations;
    }
}
