package org.vitrail.plan;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.Grid;
import org.vitrail.quantizer.QuantizedWeight;

/**
 * A quantized weight as plan files store it.
 *
 * @param codes row-major in little endian: one byte each for up to 8 bits, else two
 */
record StoredWeight(int rows, int columns, int bits, float[] scales, byte[] codes) {
    static StoredWeight of(QuantizedWeight weight) {
        int bytesPerCode = bytesPerCode(weight.bits());
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(weight.count(), bytesPerCode))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (short code : weight.codes()) {
            if (bytesPerCode == 1) {
                bytes.put((byte) code);
            } else {
                bytes.putShort(code);
            }
        }
        return new StoredWeight(weight.rows(), weight.columns(), weight.bits().bits(), weight.scales(), bytes.array());
    }

    private static int bytesPerCode(BitWidth bits) {
        return bits.bits() <= Byte.SIZE ? 1 : 2;
    }

    /**
     * Returns the weight.
     *
     * @throws IllegalArgumentException for codes and scales of a wrong number or value
     */
    QuantizedWeight weight() {
        BitWidth width = new BitWidth(bits);
        int bytesPerCode = bytesPerCode(width);
        if (rows < 1 || columns < 1 || codes.length != (long) rows * columns * bytesPerCode) {
            throw new IllegalArgumentException("codes of " + width + " bits must take " + bytesPerCode + " × " + rows
                    + " × " + columns + " bytes, got " + codes.length);
        }
        for (float scale : scales) {
            if (scale < 0) {
                throw new IllegalArgumentException("scales must not be negative, got " + scale);
            }
        }
        short[] numbers = new short[rows * columns];
        ByteBuffer bytes = ByteBuffer.wrap(codes).order(ByteOrder.LITTLE_ENDIAN);
        Grid grid = width.symmetric();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = bytesPerCode == 1 ? bytes.get() : bytes.getShort();
            if (numbers[i] != grid.clip(numbers[i])) {
                throw new IllegalArgumentException("codes of " + width + " bits must lie between " + grid.lowest()
                        + " and " + grid.highest() + ", got " + numbers[i]);
            }
        }
        return new QuantizedWeight(rows, columns, numbers, scales, width);
    }
}
