package org.vitrail.quantizer;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The quantizers of one operand of an attention product: one for the whole operand, or one per head.
 *
 * @param quantizers one, or one per head; all on the same grid
 * @param axis the head axis of the operand, counted from the last axis as −1; unused where there is one quantizer
 */
public record HeadQuantizers(List<AffineQuantizer> quantizers, int axis) {
    public HeadQuantizers {
        quantizers = List.copyOf(quantizers);
        if (quantizers.isEmpty()) {
            throw new IllegalArgumentException("an operand needs at least one quantizer");
        }
        if (quantizers.stream().map(AffineQuantizer::grid).distinct().count() > 1) {
            throw new IllegalArgumentException("the heads of an operand must share one grid, got " + quantizers);
        }
        if (axis >= 0) {
            throw new IllegalArgumentException("an axis must be negative (counted from the last axis), got " + axis);
        }
    }

    /** Returns one quantizer that all heads share. */
    public static HeadQuantizers shared(AffineQuantizer quantizer) {
        return new HeadQuantizers(List.of(quantizer), -1);
    }

    public Grid grid() {
        return quantizers.getFirst().grid();
    }

    /** Returns whether all heads share one quantizer. */
    public boolean isShared() {
        return quantizers.size() == 1;
    }

    /** Evaluates {@code number} for each quantizer, in the order of the heads. */
    public float[] each(ToDoubleFunction<AffineQuantizer> number) {
        float[] numbers = new float[quantizers.size()];
        for (int head = 0; head < numbers.length; head++) {
            numbers[head] = (float) number.applyAsDouble(quantizers.get(head));
        }
        return numbers;
    }
}
