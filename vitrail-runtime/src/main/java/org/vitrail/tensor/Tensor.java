package org.vitrail.tensor;

import java.util.Arrays;

/**
 * A dense, row-major float32 tensor. The tensor owns its values: a caller that makes one from an array must not change
 * the array afterwards, and readers of {@link #values()} must not write to it.
 */
public final class Tensor {
    private final int[] shape;
    private final float[] values;

    private Tensor(int[] shape, float[] values) {
        this.shape = shape;
        this.values = values;
    }

    /** Returns a tensor of this shape over these values; throws when their numbers differ. */
    public static Tensor of(int[] shape, float[] values) {
        long size = size(shape);
        if (size != values.length) {
            throw new IllegalArgumentException(
                    "a tensor of shape " + Arrays.toString(shape) + " holds " + size + " values, got " + values.length);
        }
        return new Tensor(shape.clone(), values);
    }

    /** The number of values a shape holds. */
    public static long size(int... shape) {
        long size = 1;
        for (int extent : shape) {
            if (extent < 0) {
                throw new IllegalArgumentException("negative extent in shape " + Arrays.toString(shape));
            }
            size = Math.multiplyExact(size, extent);
        }
        return size;
    }

    public int[] shape() {
        return shape.clone();
    }

    public int rank() {
        return shape.length;
    }

    /** The extent of one axis; negative axes count from the last. */
    public int extent(int axis) {
        return shape[axis < 0 ? shape.length + axis : axis];
    }

    public int size() {
        return values.length;
    }

    /** The values themselves, row-major, not a copy. */
    public float[] values() {
        return values;
    }

    /** The same values under another shape. */
    public Tensor reshape(int... newShape) {
        return of(newShape, values);
    }

    /** Rows of a matrix view: the product of all extents but the last. */
    public int rows() {
        return rank() == 0 ? 1 : values.length / Math.max(1, extent(-1));
    }

    /** Item {@code index} of the first axis, copied. */
    public Tensor item(int index) {
        int[] rest = Arrays.copyOfRange(shape, 1, shape.length);
        int size = (int) size(rest);
        return new Tensor(rest, Arrays.copyOfRange(values, index * size, (index + 1) * size));
    }

    @Override
    public String toString() {
        return "Tensor" + Arrays.toString(shape);
    }
}
