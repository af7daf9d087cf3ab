package org.vitrail.quantizer;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The quantizers of an operand of an attention product: one for all of it, or one for each head.
 *
 * @param quantizers one, or one a head; all on one grid
 * @param axis the operand's axis of heads, counted from its last as −1; of no meaning where there is one quantizer
 */
public record HeadQuantizers(List<AffineQuantizer> quantizers, int axis) {
    public HeadQuantizers {
        quantizers = List.copyOf(quantizers);
        if (quantizers.isEmpty()) {
            throw new IllegalArgumentException("an operand needs a quantizer");
        }
        if (quantizers.stream().map(AffineQuantizer::grid).distinct().count() > 1) {
            throw new IllegalArgumentException("the heads of an operand have one grid, got " + quantizers);
        }
        if (axis >= 0) {
            throw new IllegalArgumentException("an axis is counted from the last, got " + axis);
        }
    }

    /** One quantizer for all heads. */
    public static HeadQuantizers shared(AffineQuantizer quantizer) {
        return new HeadQuantizers(List.of(quantizer), -1);
    }

    public Grid grid() {
        return quantizers.getFirst().grid();
    }

    /** Whether one quantizer is for all heads. */
    public boolean isShared() {
        return quantizers.size() == 1;
    }

    /** A number of each quantizer, in the order of the heads. */
    public float[] each(ToDoubleFunction<AffineQuantizer> number) {
        float[] numbers = new float[quantizers.size()];
        for (int head = 0; head < numbers.length; head++) {
            numbers[head] = (float) number.applyAsDouble(quantizers.get(head));
        }
        return numbers;
    }
}
