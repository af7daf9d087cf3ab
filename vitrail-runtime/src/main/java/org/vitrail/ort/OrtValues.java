package org.vitrail.ort;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/** Tensors and weights to ONNX Runtime's values and back, with one copy each way at most. */
final class OrtValues {
    private static final String PREFIX = "ONNX_TENSOR_ELEMENT_DATA_TYPE_";

    private OrtValues() {}

    static OnnxTensor of(OrtEnvironment environment, Tensor tensor, DataType type) throws OrtException {
        return type == DataType.FLOAT
                ? OnnxTensor.createTensor(environment, FloatBuffer.wrap(tensor.values()), longs(tensor.shape()))
                : of(environment, convert(tensor, type));
    }

    static OnnxTensor of(OrtEnvironment environment, Weight weight) throws OrtException {
        OnnxJavaType type = javaType(weight.type())
                .orElseThrow(() ->
                        new VitrailException("ONNX Runtime's Java interface takes no inputs of type " + weight.type()));
        return OnnxTensor.createTensor(environment, aligned(weight.bytes()), longs(weight.shape()), type);
    }

    /** Returns the type in ONNX Runtime's Java interface; empty for types without one. */
    static Optional<OnnxJavaType> javaType(DataType type) {
        return Arrays.stream(OnnxJavaType.values())
                .filter(java -> java != OnnxJavaType.STRING && java.name().equals(type.name()))
                .findFirst();
    }

    /** The bytes themselves where native code can read them as they lie, such as those of a mapped file, or a copy. */
    private static ByteBuffer aligned(ByteBuffer bytes) {
        if (bytes.isDirect() && bytes.alignmentOffset(0, Long.BYTES) == 0) {
            return bytes.slice().order(ByteOrder.nativeOrder());
        }
        return ByteBuffer.allocateDirect(bytes.remaining())
                .order(ByteOrder.nativeOrder())
                .put(bytes)
                .flip();
    }

    static Tensor toTensor(String name, OnnxValue value) {
        OnnxTensor tensor = tensor(name, value);
        if (type(tensor.getInfo()) == DataType.FLOAT) {
            FloatBuffer copy = tensor.getFloatBuffer();
            return Tensor.of(shape(tensor), copy.hasArray() ? copy.array() : toArray(copy));
        }
        Weight weight = toWeight(name, value);
        return Tensor.of(weight.shape(), weight.isFloating() ? weight.toFloats() : toFloats(weight.toLongs()));
    }

    static Weight toWeight(String name, OnnxValue value) {
        OnnxTensor tensor = tensor(name, value);
        return Weight.of(type(tensor.getInfo()), shape(tensor), tensor.getByteBuffer());
    }

    static DataType type(TensorInfo info) {
        return DataType.valueOf(info.onnxType.name().substring(PREFIX.length()));
    }

    private static OnnxTensor tensor(String name, OnnxValue value) {
        if (value instanceof OnnxTensor tensor && tensor.getInfo().type != OnnxJavaType.STRING) {
            return tensor;
        }
        throw new VitrailException("the value " + name + " is no tensor of numbers, but " + value.getType());
    }

    private static Weight convert(Tensor tensor, DataType type) {
        float[] values = tensor.values();
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.toIntExact(type.bytes(values.length))).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (type) {
                case DOUBLE -> bytes.putDouble(value);
                case FLOAT16 -> bytes.putShort(Float.floatToFloat16(value));
                case BFLOAT16 -> bytes.putShort(toBfloat16(value));
                case BOOL -> bytes.put((byte) (value != 0 ? 1 : 0));
                case INT8 -> bytes.put((byte) Math.clamp(Math.rint(value), -128, 127));
                case UINT8 -> bytes.put((byte) (int) Math.clamp(Math.rint(value), 0, 255));
                case INT16 -> bytes.putShort((short) Math.clamp(Math.rint(value), -32768, 32767));
                case INT32 -> bytes.putInt((int) Math.rint(value));
                case INT64 -> bytes.putLong((long) Math.rint(value));
                default -> throw new VitrailException("float values cannot be fed to an input of type " + type);
            }
        }
        return Weight.of(type, tensor.shape(), bytes.flip());
    }

    /** The upper 16 bits, rounded to nearest, ties to even; NaN stays NaN. */
    private static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    private static float[] toFloats(long[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = values[i];
        }
        return floats;
    }

    private static float[] toArray(FloatBuffer buffer) {
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static int[] shape(OnnxTensor tensor) {
        return Arrays.stream(tensor.getInfo().getShape())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    private static long[] longs(int[] shape) {
        return Arrays.stream(shape).asLongStream().toArray();
    }
}
