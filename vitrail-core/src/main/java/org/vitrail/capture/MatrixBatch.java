package org.vitrail.capture;

import java.util.Arrays;
import org.vitrail.tensor.Tensor;

/**
 * A tensor as a batch of matrices: the last two axes are the matrix, the axes before them the batch.
 *
 * @param batch extents of the axes before the last two
 * @param values row-major, matrix after matrix
 */
record MatrixBatch(int[] batch, int rows, int columns, float[] values) {
    static MatrixBatch of(Tensor tensor) {
        if (tensor.rank() < 2) {
            throw new IllegalArgumentException(tensor + " has no rows and columns");
        }
        int[] shape = tensor.shape();
        return new MatrixBatch(
                Arrays.copyOf(shape, shape.length - 2), tensor.extent(-2), tensor.extent(-1), tensor.values());
    }

    int count() {
        return (int) Tensor.size(batch);
    }

    MatrixBatch transposed() {
        float[] turned = new float[values.length];
        for (int m = 0, i = 0; m < count(); m++) {
            int start = m * rows * columns;
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++, i++) {
                    turned[start + column * rows + row] = values[i];
                }
            }
        }
        return new MatrixBatch(batch, columns, rows, turned);
    }

    /** Returns the batch of a product of these with others, by the rules of MatMul. */
    int[] batchWith(MatrixBatch other) {
        int rank = Math.max(batch.length, other.batch.length);
        int[] both = new int[rank];
        for (int axis = 1; axis <= rank; axis++) {
            both[rank - axis] = Math.max(extent(axis), other.extent(axis));
        }
        return both;
    }

    /** Returns the extent of a batch axis, counted from the last as 1; missing axes have extent 1. */
    private int extent(int axis) {
        return axis > batch.length ? 1 : batch[batch.length - axis];
    }

    /** Returns the matrices of a larger batch, only these rows of each. */
    float[][] spread(int[] wanted, int[] kept) {
        float[][] spread = new float[(int) Tensor.size(wanted)][kept.length * columns];
        for (int m = 0; m < spread.length; m++) {
            int source = source(m, wanted) * rows;
            for (int i = 0; i < kept.length; i++) {
                System.arraycopy(values, (source + kept[i]) * columns, spread[m], i * columns, columns);
            }
        }
        return spread;
    }

    /** Returns the index of the matrix that is repeated as matrix m of a larger batch. */
    private int source(int m, int[] wanted) {
        int source = 0;
        int stride = 1;
        for (int axis = 1; axis <= wanted.length; axis++) {
            int index = m % wanted[wanted.length - axis];
            m /= wanted[wanted.length - axis];
            source += (extent(axis) == 1 ? 0 : index) * stride;
            stride *= extent(axis);
        }
        return source;
    }
}
