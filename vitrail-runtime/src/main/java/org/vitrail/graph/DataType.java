package org.vitrail.graph;

/**
 * Lists the element types with their numbers in the ONNX specification (TensorProto.DataType) and their sizes in bits.
 */
public enum DataType {
    FLOAT(1, 32),
    UINT8(2, 8),
    INT8(3, 8),
    UINT16(4, 16),
    INT16(5, 16),
    INT32(6, 32),
    INT64(7, 64),
    STRING(8, 0),
    BOOL(9, 8),
    FLOAT16(10, 16),
    DOUBLE(11, 64),
    UINT32(12, 32),
    UINT64(13, 64),
    COMPLEX64(14, 64),
    COMPLEX128(15, 128),
    BFLOAT16(16, 16),
    FLOAT8E4M3FN(17, 8),
    FLOAT8E4M3FNUZ(18, 8),
    FLOAT8E5M2(19, 8),
    FLOAT8E5M2FNUZ(20, 8),
    UINT4(21, 4),
    INT4(22, 4),
    FLOAT4E2M1(23, 4),
    FLOAT8E8M0(24, 8),
    UINT2(25, 2),
    INT2(26, 2);

    private final int onnx;
    private final int bits;

    DataType(int onnx, int bits) {
        this.onnx = onnx;
        this.bits = bits;
    }

    /** The type's number in ONNX files. */
    public int onnx() {
        return onnx;
    }

    /** Bits per element in raw data; 0 for strings, which have no raw form. */
    public int bits() {
        return bits;
    }

    /** Returns whether elements are real numbers of 16, 32 or 64 bits. */
    public boolean isFloating() {
        return switch (this) {
            case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> true;
            default -> false;
        };
    }

    /** Bytes that {@code count} elements take in raw data (types below 8 bits are packed). */
    public long bytes(long count) {
        return Math.addExact(Math.multiplyExact(count, bits), 7) / 8;
    }

    /** The type with this number; throws for numbers the specification does not have. */
    public static DataType ofOnnx(int number) {
        for (DataType type : values()) {
            if (type.onnx == number) {
                return type;
            }
        }
        throw new IllegalArgumentException("no ONNX element type has the number " + number);
    }
}
