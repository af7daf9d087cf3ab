package org.vitrail.onnx;

import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import onnx.OnnxMl.TensorProto;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.Limits;
import org.vitrail.tensor.VitrailException;

/**
 * Converts a TensorProto to a {@link Weight} and back. ONNX stores the elements in one of three places: raw_data, typed
 * fields such as float_data, or an external file; a weight always holds the raw form. Sizes are checked before memory
 * is allocated.
 */
final class TensorCodec {
    /** The largest size of a weight, whose bytes are addressed by 32-bit offsets. */
    private static final long MAX_BYTES = Integer.MAX_VALUE;

    private final ExternalDataReader external;

    TensorCodec(ExternalDataReader external) {
        this.external = external;
    }

    /**
     * Returns the weight; empty for strings and for element types that this version does not know.
     *
     * @param detached the elements, where {@code tensor} lacks them
     */
    Optional<Weight> read(TensorProto tensor, String where, Optional<ByteBuffer> detached) {
        Optional<DataType> known = known(tensor.getDataType());
        boolean outside = tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
        if (known.isEmpty()) {
            if (outside) {
                throw new VitrailException(where + ": a tensor of element type " + tensor.getDataType()
                        + " cannot be stored in an external file");
            }
            return Optional.empty();
        }
        if (tensor.hasSegment()) {
            throw new VitrailException(where + ": is stored in segments, which is not supported; save the model again");
        }
        DataType type = known.get();
        int[] shape = shape(tensor, where);
        long size = size(type, shape, where);
        ByteBuffer bytes = outside ? external.bytes(tensor, size, where) : inline(tensor, detached, type, size, where);
        return Optional.of(Weight.of(type, shape, bytes));
    }

    /** Returns the tensor with its elements inline, sharing the weight's bytes. */
    static TensorProto.Builder write(Weight weight) {
        return header(weight).setRawData(UnsafeByteOperations.unsafeWrap(weight.bytes()));
    }

    /** Returns the tensor's type and shape without its elements. */
    static TensorProto.Builder header(Weight weight) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setDataType(weight.type().onnx());
        for (int extent : weight.shape()) {
            tensor.addDims(extent);
        }
        return tensor;
    }

    /** Clears everything that a weight holds; documentation and metadata stay. */
    static TensorProto.Builder rest(TensorProto tensor) {
        return tensor.toBuilder()
                .clearDims()
                .clearDataType()
                .clearRawData()
                .clearFloatData()
                .clearInt32Data()
                .clearInt64Data()
                .clearDoubleData()
                .clearUint64Data()
                .clearExternalData()
                .clearDataLocation();
    }

    /** The element type with this number, if weights can have it. */
    static Optional<DataType> known(int number) {
        for (DataType type : DataType.values()) {
            if (type.onnx() == number && type != DataType.STRING) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    private static int[] shape(TensorProto tensor, String where) {
        if (tensor.getDimsCount() > Limits.MAX_RANK) {
            throw new VitrailException(where + ": has " + tensor.getDimsCount() + " axes; a tensor may have at most "
                    + Limits.MAX_RANK + ": save the model with tensors of fewer axes");
        }
        int[] shape = new int[tensor.getDimsCount()];
        for (int i = 0; i < shape.length; i++) {
            long extent = tensor.getDims(i);
            if (extent < 0 || extent > Integer.MAX_VALUE) {
                throw new VitrailException(where + ": extent " + i + " of its shape should be between 0 and "
                        + Integer.MAX_VALUE + ", got " + extent);
            }
            shape[i] = (int) extent;
        }
        return shape;
    }

    private static long size(DataType type, int[] shape, String where) {
        long count = 1;
        boolean empty = false;
        for (int extent : shape) {
            empty |= extent == 0;
        }
        for (int extent : shape) {
            count = empty ? 0 : count * extent;
            if (count > MAX_BYTES) {
                throw new VitrailException(where + ": has more than " + MAX_BYTES + " elements");
            }
        }
        long size = type.bytes(count);
        if (size > MAX_BYTES) {
            throw new VitrailException(where + ": takes " + size + " bytes; a single tensor may take " + MAX_BYTES);
        }
        return size;
    }

    private static ByteBuffer inline(
            TensorProto tensor, Optional<ByteBuffer> detached, DataType type, long size, String where) {
        ByteBuffer raw = detached.orElseGet(() -> tensor.getRawData().asReadOnlyByteBuffer())
                .duplicate();
        if (detached.isPresent() || (tensor.hasRawData() && (raw.hasRemaining() || size == 0))) {
            if (raw.remaining() != size) {
                throw new VitrailException(where + ": its type " + type + " and shape " + tensor.getDimsList()
                        + " take " + size + " bytes, but the file holds " + raw.remaining());
            }
            return raw;
        }
        return typed(tensor, type, size, where);
    }

    /** Reads elements from the typed fields, each type from the field that the specification gives it. */
    private static ByteBuffer typed(TensorProto tensor, DataType type, long size, String where) {
        int entries = switch (type) {
            case FLOAT, COMPLEX64 -> tensor.getFloatDataCount();
            case DOUBLE, COMPLEX128 -> tensor.getDoubleDataCount();
            case INT64 -> tensor.getInt64DataCount();
            case UINT32, UINT64 -> tensor.getUint64DataCount();
            default -> tensor.getInt32DataCount();
        };
        long width = bytesPerEntry(type);
        if (entries * width != size) {
            throw new VitrailException(where + ": its type " + type + " and shape " + tensor.getDimsList() + " take "
                    + size + " bytes, but the file holds " + entries * width);
        }
        ByteBuffer out = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < entries; i++) {
            switch (type) {
                case FLOAT, COMPLEX64 -> out.putFloat(tensor.getFloatData(i));
                case DOUBLE, COMPLEX128 -> out.putDouble(tensor.getDoubleData(i));
                case INT64 -> out.putLong(tensor.getInt64Data(i));
                case UINT64 -> out.putLong(tensor.getUint64Data(i));
                case UINT32 -> out.putInt((int) tensor.getUint64Data(i));
                case INT32 -> out.putInt(tensor.getInt32Data(i));
                case INT16, UINT16, FLOAT16, BFLOAT16 -> out.putShort((short) tensor.getInt32Data(i));
                default -> out.put((byte) tensor.getInt32Data(i));
            }
        }
        return out.flip();
    }

    /** Types below 8 bits are packed in the typed form too; a complex number is two entries. */
    private static long bytesPerEntry(DataType type) {
        return switch (type) {
            case COMPLEX64 -> 4;
            case COMPLEX128 -> 8;
            default -> Math.max(1, type.bits() / 8);
        };
    }
}
