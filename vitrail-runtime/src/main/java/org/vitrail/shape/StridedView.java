package org.vitrail.shape;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.vitrail.graph.Weight;

/**
 * A strided view of a dense row-major tensor: element {@code i} of the view is the source's element
 * {@code offset + sum(i[axis] * strides[axis])}. Views can be transposed, sliced and expanded.
 */
final class StridedView {
    private final int[] shape;
    private final int[] strides;
    private final int offset;

    private StridedView(int[] shape, int[] strides, int offset) {
        this.shape = shape;
        this.strides = strides;
        this.offset = offset;
    }

    /** Returns the view of a whole tensor. */
    static StridedView of(int... shape) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return new StridedView(shape, strides, 0);
    }

    /** The extents themselves, not a copy. */
    int[] shape() {
        return shape;
    }

    /** Permutes the axes: axis {@code i} of the result is axis {@code order[i]} of this view. */
    StridedView transpose(int... order) {
        return new StridedView(pick(shape, order), pick(strides, order), offset);
    }

    private static int[] pick(int[] values, int[] order) {
        return Arrays.stream(order).map(axis -> values[axis]).toArray();
    }

    StridedView slice(int axis, int start, int count, int step) {
        int[] newShape = shape.clone();
        int[] newStrides = strides.clone();
        newShape[axis] = count;
        newStrides[axis] *= step;
        return new StridedView(newShape, newStrides, offset + start * strides[axis]);
    }

    /** Broadcasts the view to {@code to}: axes of extent 1, and axes missing in front, are repeated. */
    StridedView expand(int... to) {
        int[] newStrides = new int[to.length];
        int missing = to.length - shape.length;
        for (int axis = 0; axis < shape.length; axis++) {
            newStrides[missing + axis] = shape[axis] == 1 ? 0 : strides[axis];
        }
        return new StridedView(to, newStrides, offset);
    }

    /** Copies the elements of {@code source} that this view selects; the element type must take whole bytes. */
    Weight copy(Weight source) {
        int size = source.type().bits() / 8;
        int count = Math.toIntExact(InferredValue.count(shape));
        ByteBuffer from = source.bytes();
        ByteBuffer to = ByteBuffer.allocate(count * size).order(ByteOrder.LITTLE_ENDIAN);
        int[] index = new int[shape.length];
        int element = offset;
        for (int i = 0; i < count; i++) {
            switch (size) {
                case 1 -> to.put(from.get(element));
                case 2 -> to.putShort(from.getShort(2 * element));
                case 4 -> to.putInt(from.getInt(4 * element));
                case 8 -> to.putLong(from.getLong(8 * element));
                default -> throw new IllegalArgumentException("elements of " + source.type() + " cannot be moved");
            }
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                element += strides[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                element -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return Weight.of(source.type(), shape, to.flip());
    }
}
