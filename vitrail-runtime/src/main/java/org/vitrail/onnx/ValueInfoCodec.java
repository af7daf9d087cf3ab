package org.vitrail.onnx;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import onnx.OnnxMl.TensorShapeProto;
import onnx.OnnxMl.TypeProto;
import onnx.OnnxMl.ValueInfoProto;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.tensor.Limits;
import org.vitrail.tensor.VitrailException;

/**
 * Converts a ValueInfoProto to a {@link ValueInfo} and back. The rest is the whole message without the name, if type
 * and shape alone would not reproduce it (sequences, denotations, documentation).
 */
final class ValueInfoCodec {
    private ValueInfoCodec() {}

    /**
     * Reads a declaration of a file.
     *
     * @throws VitrailException where it has more axes or elements than a tensor can have
     */
    static ValueInfo read(ValueInfoProto proto, String file) {
        requirePossible(proto, file);
        Optional<DataType> type = type(proto.getType());
        Optional<List<Dim>> shape = shape(proto.getType());
        ValueInfoProto unnamed = proto.toBuilder().clearName().build();
        boolean whole = build(type, shape).equals(unnamed);
        return new ValueInfo(
                proto.getName(),
                type,
                shape,
                whole ? UninterpretedProto.NONE : UninterpretedProto.of(unnamed.toByteArray()));
    }

    private static void requirePossible(ValueInfoProto proto, String file) {
        List<TensorShapeProto.Dimension> dims =
                proto.getType().getTensorType().getShape().getDimList();
        if (dims.size() > Limits.MAX_RANK) {
            throw new VitrailException(file + ", value " + proto.getName() + ": has " + dims.size()
                    + " axes; a tensor may have at most " + Limits.MAX_RANK
                    + ": export the model with tensors of fewer axes");
        }
        long elements = 1;
        for (TensorShapeProto.Dimension dim : dims) {
            elements =
                    dim.getDimValue() <= Integer.MAX_VALUE ? elements * Math.max(1, dim.getDimValue()) : Long.MAX_VALUE;
            if (elements > Integer.MAX_VALUE) {
                throw new VitrailException(file + ", value " + proto.getName() + ": its extents should have a product"
                        + " of at most " + Integer.MAX_VALUE + ", got "
                        + dims.stream()
                                .map(TensorShapeProto.Dimension::getDimValue)
                                .toList()
                        + ": export the model with a real or a symbolic size");
            }
        }
    }

    static ValueInfoProto write(ValueInfo value) {
        ValueInfoProto plain = build(value.type(), value.shape());
        ValueInfoProto kept = kept(value.rest());
        boolean fits = type(kept.getType()).equals(value.type())
                && shape(kept.getType()).equals(value.shape());
        ValueInfoProto.Builder proto = value.rest().isEmpty() ? plain.toBuilder() : kept.toBuilder();
        if (!fits) {
            proto.setType(plain.getType());
        }
        return proto.setName(value.name()).build();
    }

    private static ValueInfoProto kept(UninterpretedProto rest) {
        try {
            return ValueInfoProto.parseFrom(rest.bytes());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the rest of a value is not a ValueInfoProto", e);
        }
    }

    private static ValueInfoProto build(Optional<DataType> type, Optional<List<Dim>> shape) {
        if (type.isEmpty()) {
            return ValueInfoProto.getDefaultInstance();
        }
        TypeProto.Tensor.Builder tensor =
                TypeProto.Tensor.newBuilder().setElemType(type.get().onnx());
        shape.ifPresent(dims -> {
            TensorShapeProto.Builder extents = TensorShapeProto.newBuilder();
            for (Dim dim : dims) {
                TensorShapeProto.Dimension.Builder extent = extents.addDimBuilder();
                switch (dim) {
                    case Dim.Known(long known) -> extent.setDimValue(known);
                    case Dim.Symbol(String name) when name.isEmpty() -> extent.clearValue();
                    case Dim.Symbol(String name) -> extent.setDimParam(name);
                }
            }
            tensor.setShape(extents);
        });
        return ValueInfoProto.newBuilder()
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    private static Optional<DataType> type(TypeProto type) {
        int number = type.getTensorType().getElemType();
        for (DataType row : DataType.values()) {
            if (row.onnx() == number) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    private static Optional<List<Dim>> shape(TypeProto type) {
        if (!type.getTensorType().hasShape()) {
            return Optional.empty();
        }
        List<Dim> dims = new ArrayList<>();
        for (TensorShapeProto.Dimension dim : type.getTensorType().getShape().getDimList()) {
            dims.add(
                    dim.hasDimValue() && dim.getDimValue() >= 0
                            ? Dim.of(dim.getDimValue())
                            : new Dim.Symbol(dim.getDimParam()));
        }
        return Optional.of(dims);
    }
}
