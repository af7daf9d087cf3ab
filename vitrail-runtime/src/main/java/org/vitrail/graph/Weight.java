package org.vitrail.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A constant tensor of a model: type, shape and raw little-endian bytes, as ONNX stores them (4-bit types packed, low
 * nibble first). Immutable; the bytes may be a view of a mapped file.
 */
public final class Weight {
    private final DataType type;
    private final int[] shape;
    private final ByteBuffer bytes;

    private Weight(DataType type, int[] shape, ByteBuffer bytes) {
        this.type = type;
        this.shape = shape;
        this.bytes = bytes;
    }

    /** Returns a weight over these raw bytes; throws when their number does not fit type and shape. */
    public static Weight of(DataType type, int[] shape, ByteBuffer bytes) {
        long wanted = type.bytes(count(shape));
        if (bytes.remaining() != wanted) {
            throw new IllegalArgumentException("a " + type + " tensor of shape " + Arrays.toString(shape) + " takes "
                    + wanted + " bytes, got " + bytes.remaining());
        }
        return new Weight(type, shape.clone(), bytes.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
    }

    public static Weight ofFloats(int[] shape, float... values) {
        ByteBuffer buffer = allocate(4L * values.length);
        buffer.asFloatBuffer().put(values);
        return of(DataType.FLOAT, shape, buffer);
    }

    public static Weight ofLongs(int[] shape, long... values) {
        ByteBuffer buffer = allocate(8L * values.length);
        buffer.asLongBuffer().put(values);
        return of(DataType.INT64, shape, buffer);
    }

    /** Returns a weight of an 8-bit type with these elements. */
    public static Weight ofBytes(DataType type, int[] shape, byte... values) {
        return of(type, shape, ByteBuffer.wrap(values.clone()));
    }

    public static Weight scalar(float value) {
        return ofFloats(new int[0], value);
    }

    private static ByteBuffer allocate(long size) {
        return ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static long count(int[] shape) {
        long count = 1;
        for (int extent : shape) {
            count = Math.multiplyExact(count, extent);
        }
        return count;
    }

    public DataType type() {
        return type;
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

    /** The number of elements. */
    public int count() {
        return Math.toIntExact(count(shape));
    }

    /** A read-only, little-endian view of the raw bytes. */
    public ByteBuffer bytes() {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns whether {@link #toFloats()} can read this type. */
    public boolean isFloating() {
        return type.isFloating();
    }

    /** The elements of a floating-point weight as float32, a new array. */
    public float[] toFloats() {
        ByteBuffer in = bytes();
        float[] values = new float[count()];
        switch (type) {
            case FLOAT -> in.asFloatBuffer().get(values);
            case DOUBLE -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) in.getDouble();
                }
            }
            case FLOAT16 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.float16ToFloat(in.getShort());
                }
            }
            case BFLOAT16 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.intBitsToFloat(in.getShort() << 16);
                }
            }
            default -> throw new IllegalStateException("a weight of type " + type + " is not floating point");
        }
        return values;
    }

    /** The elements of an integer or boolean weight as int64, a new array; 4-bit codes are unpacked. */
    public long[] toLongs() {
        ByteBuffer in = bytes();
        long[] values = new long[count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case INT64, UINT64 -> in.getLong(8 * i);
                case INT32 -> in.getInt(4 * i);
                case UINT32 -> Integer.toUnsignedLong(in.getInt(4 * i));
                case INT16 -> in.getShort(2 * i);
                case UINT16 -> Short.toUnsignedLong(in.getShort(2 * i));
                case INT8 -> in.get(i);
                case UINT8, BOOL -> Byte.toUnsignedLong(in.get(i));
                case UINT4 -> (in.get(i / 2) >> (4 * (i % 2))) & 0xF;
                case INT4 -> (byte) (in.get(i / 2) << (4 * (1 - i % 2))) >> 4;
                default -> throw new IllegalStateException("a weight of type " + type + " does not hold integers");
            };
        }
        return values;
    }

    /** The same elements under another shape. */
    public Weight reshape(int... newShape) {
        return of(type, newShape, bytes());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Weight that
                && type == that.type
                && Arrays.equals(shape, that.shape)
                && bytes.equals(that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + Arrays.hashCode(shape);
    }

    @Override
    public String toString() {
        return type + Arrays.toString(shape);
    }
}
