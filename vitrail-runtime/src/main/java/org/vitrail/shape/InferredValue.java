package org.vitrail.shape;

import java.util.Optional;
import org.vitrail.graph.ConstantElements;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.Limits;

/**
 * The inferred type, extents (plain numbers) and, where constant, elements of a value in one {@link ShapePropagation}.
 */
final class InferredValue {
    private final DataType type;
    private final int[] shape;
    private final Optional<Weight> constant;

    private InferredValue(DataType type, int[] shape, Optional<Weight> constant) {
        requireRank(shape.length);
        for (int extent : shape) {
            if (extent < 0) {
                throw new IllegalArgumentException("an extent cannot be negative, got " + extent);
            }
        }
        this.type = type;
        this.shape = shape;
        this.constant = constant;
    }

    /** Throws {@link IllegalArgumentException} where a tensor cannot have so many axes. */
    static void requireRank(int rank) {
        if (rank > Limits.MAX_RANK) {
            throw new IllegalArgumentException("a tensor may have " + Limits.MAX_RANK + " axes, got " + rank);
        }
    }

    static InferredValue of(DataType type, int... shape) {
        return new InferredValue(type, shape, Optional.empty());
    }

    static InferredValue of(Weight weight) {
        return new InferredValue(weight.type(), weight.shape(), Optional.of(weight));
    }

    DataType type() {
        return type;
    }

    /** The extents themselves, not a copy. */
    int[] shape() {
        return shape;
    }

    Optional<Weight> constant() {
        return constant;
    }

    int rank() {
        return shape.length;
    }

    long count() {
        return count(shape);
    }

    static long count(int... shape) {
        long count = 1;
        for (int extent : shape) {
            count = Math.multiplyExact(count, (long) extent);
        }
        return count;
    }

    /** The elements of a constant of integers; throws where they are not known, or no integers. */
    long[] longs() {
        return longs(constant.orElseThrow());
    }

    /** The elements of a weight of integers or booleans; throws for other types. */
    static long[] longs(Weight weight) {
        if (!ConstantElements.isInteger(weight.type())) {
            throw new IllegalArgumentException("integers were expected, got " + weight.type());
        }
        return weight.toLongs();
    }

    /** The elements of a constant of numbers; throws where they are not known, or no numbers. */
    double[] doubles() {
        Weight weight = constant.orElseThrow();
        if (!ConstantElements.covers(weight.type())) {
            throw new IllegalArgumentException("numbers were expected, got " + weight.type());
        }
        return ConstantElements.doubles(weight);
    }
}
