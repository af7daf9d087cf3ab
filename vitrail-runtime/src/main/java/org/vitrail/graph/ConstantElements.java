package org.vitrail.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Converts constants to Java numbers and back: integers and booleans to long, floating point to double. */
public final class ConstantElements {
    private ConstantElements() {}

    /** Returns whether constants of this type can be converted. */
    public static boolean covers(DataType type) {
        return type.isFloating() || isInteger(type);
    }

    public static boolean isInteger(DataType type) {
        return switch (type) {
            case INT64, INT32, INT16, INT8, UINT64, UINT32, UINT16, UINT8, BOOL -> true;
            default -> false;
        };
    }

    /** The elements of any constant whose type {@link #covers} accepts; 64-bit integers beyond 2⁵³ are rounded. */
    public static double[] doubles(Weight weight) {
        double[] values = new double[weight.count()];
        if (weight.type() == DataType.DOUBLE) {
            weight.bytes().asDoubleBuffer().get(values);
        } else if (weight.type().isFloating()) {
            float[] floats = weight.toFloats();
            for (int i = 0; i < values.length; i++) {
                values[i] = floats[i];
            }
        } else {
            long[] longs = weight.toLongs();
            for (int i = 0; i < values.length; i++) {
                values[i] = longs[i];
            }
        }
        return values;
    }

    /** A constant of a floating-point type, each value rounded to it once. */
    public static Weight of(DataType type, int[] shape, double... values) {
        ByteBuffer out = allocate(type, values.length);
        for (double value : values) {
            switch (type) {
                case DOUBLE -> out.putDouble(value);
                case FLOAT -> out.putFloat((float) value);
                case FLOAT16 -> out.putShort(Float.floatToFloat16((float) value));
                case BFLOAT16 -> out.putShort(bfloat16((float) value));
                default -> throw new IllegalArgumentException(type + " is not floating point");
            }
        }
        return Weight.of(type, shape, out.flip());
    }

    /** A constant of an integer type or of booleans; values beyond the type wrap. */
    public static Weight of(DataType type, int[] shape, long... values) {
        ByteBuffer out = allocate(type, values.length);
        for (long value : values) {
            switch (type) {
                case INT64, UINT64 -> out.putLong(value);
                case INT32, UINT32 -> out.putInt((int) value);
                case INT16, UINT16 -> out.putShort((short) value);
                case INT8, UINT8 -> out.put((byte) value);
                case BOOL -> out.put((byte) (value == 0 ? 0 : 1));
                default -> throw new IllegalArgumentException(type + " does not hold integers");
            }
        }
        return Weight.of(type, shape, out.flip());
    }

    /** Applies ONNX's Cast: fractions are truncated, and every value but zero is true. */
    public static Weight cast(Weight weight, DataType to) {
        if (to == DataType.FLOAT && weight.type().isFloating()) {
            return Weight.ofFloats(weight.shape(), weight.toFloats());
        }
        if (to.isFloating()) {
            return of(to, weight.shape(), doubles(weight));
        }
        if (!weight.type().isFloating()) {
            return of(to, weight.shape(), weight.toLongs());
        }
        double[] values = doubles(weight);
        long[] longs = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            longs[i] = to == DataType.BOOL ? (values[i] == 0 ? 0 : 1) : (long) values[i];
        }
        return of(to, weight.shape(), longs);
    }

    private static ByteBuffer allocate(DataType type, int count) {
        return ByteBuffer.allocate(Math.toIntExact(type.bytes(count))).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Rounds to nearest, ties to even. */
    private static short bfloat16(float value) {
        int bits = Float.floatToIntBits(value);
        return (short) (Float.isNaN(value) ? bits >> 16 : (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
