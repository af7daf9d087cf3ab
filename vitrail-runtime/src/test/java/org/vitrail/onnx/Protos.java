package org.vitrail.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import onnx.OnnxMl.GraphProto;
import onnx.OnnxMl.ModelProto;
import onnx.OnnxMl.NodeProto;
import onnx.OnnxMl.TensorProto;
import onnx.OnnxMl.ValueInfoProto;

/** Builds small ONNX messages that no exporter writes. */
final class Protos {
    private Protos() {}

    /** A model of opset 17 with float input x and output y. */
    static ModelProto.Builder model(NodeProto... nodes) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("small").addAllNode(List.of(nodes));
        graph.addInput(value("x")).addOutput(value("y"));
        ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8).setGraph(graph);
        model.addOpsetImportBuilder().setVersion(17);
        return model;
    }

    static NodeProto node(String op, List<String> inputs, String output) {
        return NodeProto.newBuilder()
                .setOpType(op)
                .addAllInput(inputs)
                .addOutput(output)
                .build();
    }

    static ValueInfoProto.Builder value(String name) {
        ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
        value.getTypeBuilder().getTensorTypeBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE);
        return value;
    }

    static TensorProto.Builder tensor(String name, TensorProto.DataType type, long... dims) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        return tensor;
    }

    /** A float tensor of these dims whose elements are declared to be in a file. */
    static TensorProto.Builder external(String name, String location, long offset, long length, long... dims) {
        TensorProto.Builder tensor =
                tensor(name, TensorProto.DataType.FLOAT, dims).setDataLocation(TensorProto.DataLocation.EXTERNAL);
        tensor.addExternalDataBuilder().setKey("location").setValue(location);
        tensor.addExternalDataBuilder().setKey("offset").setValue(Long.toString(offset));
        tensor.addExternalDataBuilder().setKey("length").setValue(Long.toString(length));
        return tensor;
    }

    static Path save(ModelProto.Builder model, Path folder) {
        return save(model.build().toByteArray(), folder);
    }

    static Path save(byte[] bytes, Path folder) {
        try {
            return Files.write(folder.resolve("model.onnx"), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
