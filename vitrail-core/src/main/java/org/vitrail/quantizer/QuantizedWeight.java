package org.vitrail.quantizer;

/**
 * A quantized weight matrix: Ŵ[k][n] = codes[k·columns + n] · scales[n] (or scales[0] for all columns). Codes of up to
 * 8 bits take one byte each, because a large model is held at several bit widths at once.
 */
public final class QuantizedWeight {
    private final int rows;
    private final int columns;
    private final byte[] narrow;
    private final short[] wide;
    private final float[] scales;
    private final BitWidth bits;

    /**
     * @param rows input channels
     * @param columns output channels
     * @param codes row-major, on the symmetric grid of {@code bits}; not to be written to afterwards
     * @param scales one per output channel, or one for the whole matrix; not to be written to afterwards
     */
    public QuantizedWeight(int rows, int columns, short[] codes, float[] scales, BitWidth bits) {
        if (codes.length != rows * columns || (scales.length != columns && scales.length != 1)) {
            throw new IllegalArgumentException("a " + rows + "×" + columns + " matrix takes " + rows * columns
                    + " codes and 1 or " + columns + " scales, got " + codes.length + " and " + scales.length);
        }
        this.rows = rows;
        this.columns = columns;
        this.scales = scales;
        this.bits = bits;
        boolean fitBytes = bits.bits() <= Byte.SIZE;
        this.wide = fitBytes ? new short[0] : codes;
        this.narrow = new byte[fitBytes ? codes.length : 0];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (byte) codes[i];
        }
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** Returns the number of codes. */
    public int count() {
        return rows * columns;
    }

    /** Returns the codes, row-major, as a new array. */
    public short[] codes() {
        short[] codes = new short[count()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = code(i);
        }
        return codes;
    }

    private short code(int i) {
        return wide.length == 0 ? narrow[i] : wide[i];
    }

    /** Returns the scales, one per output channel or one for the whole matrix; the internal array, not a copy. */
    public float[] scales() {
        return scales;
    }

    public BitWidth bits() {
        return bits;
    }

    public float scale(int column) {
        return scales[scales.length == 1 ? 0 : column];
    }

    /** Returns the dequantized matrix Ŵ, row-major, as a new array. */
    public float[] dequantize() {
        float[] values = new float[count()];
        for (int row = 0, i = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++, i++) {
                values[i] = code(i) * scale(column);
            }
        }
        return values;
    }
}
