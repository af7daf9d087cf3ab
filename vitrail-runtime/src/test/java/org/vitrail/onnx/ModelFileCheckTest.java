package org.vitrail.onnx;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import onnx.OnnxMl.AttributeProto;
import onnx.OnnxMl.FunctionProto;
import onnx.OnnxMl.ModelProto;
import onnx.OnnxMl.NodeProto;
import onnx.OnnxMl.SparseTensorProto;
import onnx.OnnxMl.TensorProto;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrail.tensor.Limits;
import org.vitrail.tensor.VitrailException;

/** Tests that a model file names no file but those of its folder, and that its size is bounded before it is read. */
class ModelFileCheckTest {
    private static final TensorProto SECRET =
            Protos.external("s", "secret.bin", 0, 8, 2).build();
    private static final NodeProto RELU = Protos.node("Relu", List.of("x"), "y");

    @TempDir
    Path folder;

    static Stream<Consumer<ModelProto.Builder>> hidingPlaces() {
        return Stream.of(
                model -> attribute(
                        model,
                        AttributeProto.newBuilder().setRefAttrName("outer").setT(SECRET)),
                model -> attribute(model, AttributeProto.newBuilder().setT(SECRET)),
                model -> attribute(model, of(AttributeProto.AttributeType.INT).setT(SECRET)),
                model -> attribute(
                        model, of(AttributeProto.AttributeType.TENSORS).addTensors(SECRET)),
                model -> attribute(
                        model,
                        of(AttributeProto.AttributeType.SPARSE_TENSOR)
                                .setSparseTensor(SparseTensorProto.newBuilder().setValues(SECRET))),
                model -> attribute(
                        model,
                        of(AttributeProto.AttributeType.SPARSE_TENSORS)
                                .addSparseTensors(SparseTensorProto.newBuilder().setIndices(SECRET))),
                model -> attribute(
                        model,
                        of(AttributeProto.AttributeType.GRAPHS)
                                .addGraphs(Protos.model(constant(SECRET)).getGraph())),
                model -> {
                    AttributeProto.Builder body = of(AttributeProto.AttributeType.GRAPH);
                    body.getGBuilder()
                            .addNode(RELU.toBuilder()
                                    .addAttribute(of(AttributeProto.AttributeType.TENSORS)
                                            .addTensors(SECRET)));
                    attribute(model, body);
                },
                model -> model.getGraphBuilder()
                        .addSparseInitializer(SparseTensorProto.newBuilder().setValues(SECRET)),
                model -> model.addFunctions(function("f", constant(SECRET))),
                model -> model.addFunctions(function("f")
                        .addAttributeProto(
                                of(AttributeProto.AttributeType.TENSOR).setT(SECRET))),
                model -> {
                    AttributeProto.Builder body = of(AttributeProto.AttributeType.GRAPH);
                    body.getGBuilder().addInitializer(SECRET);
                    model.addFunctions(
                            function("f", RELU.toBuilder().addAttribute(body).build()));
                },
                model -> model.addTrainingInfoBuilder().getAlgorithmBuilder().addNode(constant(SECRET)),
                model -> model.addTrainingInfoBuilder()
                        .getInitializationBuilder()
                        .addInitializer(SECRET));
    }

    @ParameterizedTest
    @MethodSource("hidingPlaces")
    void refusesExternalDataWhereverAnEngineWouldResolveItByItself(Consumer<ModelProto.Builder> hide) throws Exception {
        Files.write(folder.resolve("secret.bin"), new byte[8]);
        ModelProto.Builder model = Protos.model(RELU);
        hide.accept(model);

        assertRefused(model).hasMessageContaining("external data is supported for plain weights only");
    }

    @Test
    void refusesALocationThatOnnxRuntimeTakesForAnAddress() {
        ModelProto.Builder model = Protos.model(Protos.node("Add", List.of("x", "w"), "y"));
        model.getGraphBuilder().addInitializer(Protos.external("w", "*/_ORT_MEM_ADDR_/*", 4096, 8, 2));

        assertRefused(model).hasMessageContaining("must lie in the model's folder");
    }

    @Test
    void countsNodesAfterFunctionsAreInlined() {
        ModelProto.Builder model = Protos.model(call("f30"));
        model.addFunctions(function("f0", RELU));
        for (int i = 1; i <= 30; i++) {
            model.addFunctions(function("f" + i, call("f" + (i - 1)), call("f" + (i - 1))));
        }

        assertRefused(model).hasMessageContaining("more than " + Limits.MAX_NODES + " nodes");
    }

    @Test
    void refusesFunctionsThatCallThemselvesOrReplaceOnnx() {
        assertRefused(Protos.model(call("f")).addFunctions(function("f", call("f"))))
                .hasMessageContaining("form a cycle");
        assertRefused(Protos.model(RELU).addFunctions(function("Relu", RELU).setDomain("")))
                .hasMessageContaining("redefines an operator of ONNX");
    }

    @Test
    void boundsAxesAndExtents() {
        ModelProto.Builder axes = Protos.model(Protos.node("Add", List.of("x", "w"), "y"));
        axes.getGraphBuilder()
                .addInitializer(Protos.tensor(
                        "w",
                        TensorProto.DataType.FLOAT,
                        LongStream.range(0, 1000).map(i -> 1).toArray()));
        assertRefused(axes).hasMessageContaining("weight w: has 1000 axes");

        for (long extent : new long[] {1L << 62, 1L << 31, 1L << 20}) {
            ModelProto.Builder large = Protos.model(RELU);
            large.getGraphBuilder()
                    .getInputBuilder(0)
                    .getTypeBuilder()
                    .getTensorTypeBuilder()
                    .getShapeBuilder()
                    .addDim(dim(extent))
                    .addDim(dim(1 << 11));
            assertRefused(large).hasMessageContaining("value x").hasMessageContaining(Long.toString(extent));
        }
    }

    @Test
    void boundsTheElementsThatASparseWeightStandsFor() {
        ModelProto.Builder model = Protos.model(RELU);
        model.getGraphBuilder()
                .addSparseInitializer(
                        SparseTensorProto.newBuilder().addDims(60_000).addDims(60_000));

        assertRefused(model).hasMessageContaining("sparse");
    }

    private static onnx.OnnxMl.TensorShapeProto.Dimension dim(long extent) {
        return onnx.OnnxMl.TensorShapeProto.Dimension.newBuilder()
                .setDimValue(extent)
                .build();
    }

    private static void attribute(ModelProto.Builder model, AttributeProto.Builder attribute) {
        model.getGraphBuilder().getNodeBuilder(0).addAttribute(attribute.setName("value"));
    }

    private static AttributeProto.Builder of(AttributeProto.AttributeType type) {
        return AttributeProto.newBuilder().setName("value").setType(type);
    }

    private static NodeProto constant(TensorProto value) {
        return Protos.node("Constant", List.of(), "y").toBuilder()
                .addAttribute(of(AttributeProto.AttributeType.TENSOR).setT(value))
                .build();
    }

    private static NodeProto call(String function) {
        return Protos.node(function, List.of("x"), "y").toBuilder()
                .setDomain("local")
                .build();
    }

    private static FunctionProto.Builder function(String name, NodeProto... nodes) {
        return FunctionProto.newBuilder()
                .setName(name)
                .setDomain("local")
                .addInput("x")
                .addOutput("y")
                .addAllNode(List.of(nodes));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(ModelProto.Builder model) {
        return assertThatThrownBy(() -> OnnxFile.read(Protos.save(model, folder)))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("model.onnx");
    }
}
