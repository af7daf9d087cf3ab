package org.vitrail.quantizer;

/**
 * A weight matrix on its integer grid: Ŵ[k][n] = codes[k·columns + n] · scales[n] (or scales[0] for all columns).
 *
 * @param rows input channels
 * @param columns output channels
 * @param codes row-major; owned by this record, not to be written to
 * @param scales one an output channel, or one for all; owned by this record
 */
public record WeightCodes(int rows, int columns, short[] codes, float[] scales, BitWidth bits) {
    public WeightCodes {
        if (codes.length != rows * columns || (scales.length != columns && scales.length != 1)) {
            throw new IllegalArgumentException("a " + rows + "×" + columns + " matrix takes " + rows * columns
                    + " codes and 1 or " + columns + " scales, got " + codes.length + " and " + scales.length);
        }
    }

    public float scale(int column) {
        return scales[scales.length == 1 ? 0 : column];
    }

    /** Ŵ, row-major, a new array. */
    public float[] dequantize() {
        float[] values = new float[codes.length];
        for (int row = 0, i = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++, i++) {
                values[i] = codes[i] * scale(column);
            }
        }
        return values;
    }
}
