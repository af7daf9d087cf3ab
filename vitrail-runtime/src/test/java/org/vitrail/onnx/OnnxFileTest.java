package org.vitrail.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import onnx.OnnxMl.AttributeProto;
import onnx.OnnxMl.AttributeProto.AttributeType;
import onnx.OnnxMl.FunctionProto;
import onnx.OnnxMl.GraphProto;
import onnx.OnnxMl.ModelProto;
import onnx.OnnxMl.NodeProto;
import onnx.OnnxMl.TensorProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Graphs;
import org.vitrail.testing.TestEngines;

class OnnxFileTest {
    @TempDir
    Path folder;

    @Test
    void leavesTheElementsOfLargeWeightsInTheMappedFile() {
        float[] values = new float[10_000];
        values[9_999] = 7;
        Graph graph = Graphs.of(
                17,
                Map.of("large", Weight.ofFloats(new int[] {10_000}, values), "small", Weight.scalar(2)),
                Node.of("Add", List.of("x", "large"), "sum"),
                Node.of("Mul", List.of("sum", "small"), "y"));
        Path file = folder.resolve("model.onnx");
        OnnxFile.write(graph, file);

        Graph read = OnnxFile.read(file);

        assertThat(read.weights().get("large").bytes().isDirect()).isTrue();
        assertThat(read.weights().get("large").toFloats()).containsExactly(values);
        assertThat(read.weights().get("small").toFloats()).containsExactly(2);
    }

    @Test
    void readsEveryTypedFieldAsTheRawFormOfItsType() {
        assertReads(
                tensor(TensorProto.DataType.FLOAT).addFloatData(1.5f).addFloatData(-2),
                Weight.ofFloats(new int[] {2}, 1.5f, -2));
        assertReads(
                tensor(TensorProto.DataType.INT64).addInt64Data(1L << 40).addInt64Data(-1),
                Weight.ofLongs(new int[] {2}, 1L << 40, -1));
        assertReads(
                tensor(TensorProto.DataType.INT8).addInt32Data(-7).addInt32Data(9),
                Weight.ofBytes(DataType.INT8, new int[] {2}, (byte) -7, (byte) 9));
        assertReads(
                tensor(TensorProto.DataType.BOOL).addInt32Data(1).addInt32Data(0),
                Weight.ofBytes(DataType.BOOL, new int[] {2}, (byte) 1, (byte) 0));
        assertThat(read(tensor(TensorProto.DataType.UINT8).addInt32Data(200).addInt32Data(3))
                        .toLongs())
                .containsExactly(200, 3);
        assertThat(read(tensor(TensorProto.DataType.INT16).addInt32Data(-300).addInt32Data(3))
                        .toLongs())
                .containsExactly(-300, 3);
        assertThat(read(tensor(TensorProto.DataType.INT32).addInt32Data(-300).addInt32Data(3))
                        .toLongs())
                .containsExactly(-300, 3);
        assertThat(read(tensor(TensorProto.DataType.UINT32)
                                .addUint64Data(1L << 31)
                                .addUint64Data(3))
                        .toLongs())
                .containsExactly(1L << 31, 3);
        assertThat(read(tensor(TensorProto.DataType.UINT64).addUint64Data(8).addUint64Data(3))
                        .toLongs())
                .containsExactly(8, 3);
        assertThat(read(tensor(TensorProto.DataType.DOUBLE).addDoubleData(0.5).addDoubleData(3))
                        .toFloats())
                .containsExactly(0.5f, 3);
        assertThat(read(tensor(TensorProto.DataType.FLOAT16)
                                .addInt32Data(0x3C00)
                                .addInt32Data(0xC000))
                        .toFloats())
                .containsExactly(1, -2);
        assertThat(read(tensor(TensorProto.DataType.BFLOAT16)
                                .addInt32Data(0x3F80)
                                .addInt32Data(0xC000))
                        .toFloats())
                .containsExactly(1, -2);
        assertThat(read(tensor(TensorProto.DataType.INT4).addInt32Data(0x9F)).toLongs())
                .containsExactly(-1, -7);
        assertThat(read(tensor(TensorProto.DataType.UINT4).addInt32Data(0x9F)).toLongs())
                .containsExactly(15, 9);
    }

    @Test
    void keepsEverythingThatItDoesNotInterpret() throws IOException {
        ModelProto.Builder model = modelOfOddities();
        Path file = Protos.save(model, folder);
        OnnxFile.write(OnnxFile.read(file), file);
        ModelProto written = ModelProto.parseFrom(Files.readAllBytes(file));
        assertThat(normal(written)).isEqualTo(normal(model.build()));
    }

    /** The order is not kept between interpreted weights and uninterpreted tensors. */
    private static ModelProto normal(ModelProto model) {
        ModelProto.Builder normal = model.toBuilder();
        List<TensorProto> sorted = model.getGraph().getInitializerList().stream()
                .sorted(java.util.Comparator.comparing(TensorProto::getName))
                .toList();
        normal.getGraphBuilder().clearInitializer().addAllInitializer(sorted);
        return normal.build();
    }

    private static ModelProto.Builder modelOfOddities() {
        NodeProto.Builder odd = Protos.node("Odd", List.of("x", "w", "names", "sparse"), "y").toBuilder();
        odd.setName("odd").setDomain("custom").setDocString("a node").setOverload("v2");
        odd.addMetadataPropsBuilder().setKey("namespace").setValue("model/blk0");
        odd.addAttribute(AttributeProto.newBuilder()
                .setName("documented")
                .setType(AttributeType.INT)
                .setI(3)
                .setDocString("why"));
        odd.addAttribute(AttributeProto.newBuilder()
                .setName("bytes")
                .setType(AttributeType.STRING)
                .setS(ByteString.copyFrom(new byte[] {(byte) 0xFF, 0})));
        AttributeProto.Builder tensors =
                AttributeProto.newBuilder().setName("tensors").setType(AttributeType.TENSORS);
        tensors.addTensors(Protos.tensor("t", TensorProto.DataType.FLOAT, 1).addFloatData(1));
        odd.addAttribute(tensors);
        odd.addAttribute(AttributeProto.newBuilder()
                .setName("referring")
                .setType(AttributeType.FLOAT)
                .setRefAttrName("outer"));
        ModelProto.Builder model = Protos.model(odd.build());
        model.setProducerName("someone").setDocString("a model").setModelVersion(4);
        model.addOpsetImportBuilder().setDomain("custom").setVersion(1);
        model.addMetadataPropsBuilder().setKey("classes").setValue("cat,dog");
        model.addFunctions(FunctionProto.newBuilder().setName("f").setDomain("custom"));
        GraphProto.Builder graph = model.getGraphBuilder().setDocString("a graph");
        graph.addInitializer(
                Protos.tensor("names", TensorProto.DataType.STRING, 1).addStringData(ByteString.copyFromUtf8("cat")));
        graph.addInitializer(Protos.tensor("w", TensorProto.DataType.FLOAT, 1)
                .setRawData(ByteString.copyFrom(new byte[4]))
                .setDocString("a weight"));
        graph.addSparseInitializerBuilder()
                .addDims(3)
                .setValues(
                        Protos.tensor("sparse", TensorProto.DataType.FLOAT, 1).addFloatData(1))
                .setIndices(Protos.tensor("", TensorProto.DataType.INT64, 1).addInt64Data(1));
        graph.addQuantizationAnnotationBuilder().setTensorName("w");
        graph.addMetadataPropsBuilder().setKey("k").setValue("v");
        graph.addValueInfo(Protos.value("hidden").setDocString("a value"));
        graph.getInputBuilder(0).getTypeBuilder().setDenotation("IMAGE");
        graph.getOutputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .addDimBuilder()
                .setDimParam("N");
        return model;
    }

    @Test
    void takesAnInitializerThatIsAlsoAnInputForAWeight() {
        ModelProto.Builder model = Protos.model(Protos.node("Add", List.of("x", "w"), "y"));
        model.getGraphBuilder()
                .addInput(Protos.value("w"))
                .addInitializer(
                        tensor(TensorProto.DataType.FLOAT).addFloatData(1).addFloatData(2));
        Graph graph = OnnxFile.read(Protos.save(model, folder));
        assertThat(graph.inputNames()).containsExactly("x");
        assertThat(graph.weights()).containsOnlyKeys("w");
    }

    @Test
    void readsSubgraphsThatReadValuesOfTheGraphAroundThem() {
        Node condition = Node.of(
                "Constant",
                List.of(),
                List.of("yes"),
                Map.of("value", new Attribute.TensorValue(Weight.ofBytes(DataType.BOOL, new int[0], (byte) 1))));
        Node branch = Node.of(
                "If",
                List.of("yes"),
                List.of("y"),
                Map.of(
                        "then_branch",
                        new Attribute.Subgraph(body("Neg")),
                        "else_branch",
                        new Attribute.Subgraph(body("Abs"))));
        Path file = folder.resolve("if.onnx");
        OnnxFile.write(Graphs.of(17, condition, branch), file);
        Graph graph = OnnxFile.read(file);
        assertThat(graph.nodes().get(1).reads()).containsExactly("yes", "x");
        try (Engine engine = TestEngines.open(graph)) {
            Tensor y = engine.run(Map.of("x", Tensor.of(new int[] {1}, new float[] {3})))
                    .get("y");
            assertThat(y.values()).containsExactly(-3);
        }
    }

    private static Graph body(String op) {
        Graph graph = Graphs.of(17, Node.of(op, List.of("x"), "y"));
        return new Graph(
                "body",
                List.of(),
                graph.outputs(),
                graph.nodes(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                graph.rest());
    }

    @Test
    void keepsLargeWeightsInAFileBesideTheModelWhenThereAreTooMany() {
        float[] values = new float[3000];
        values[2999] = 7;
        Graph graph = Graphs.of(
                17,
                Map.of("small", Weight.scalar(2), "large", Weight.ofFloats(new int[] {3000}, values)),
                Node.of("Mul", List.of("large", "small"), "twice"),
                Node.of("Add", List.of("x", "twice"), "y"));
        Path file = folder.resolve("large.onnx");
        OnnxFile.write(graph, file, 1000);
        assertThat(folder.resolve("large.onnx.data")).exists();
        assertThat(file.toFile().length()).isLessThan(1000);
        assertThat(OnnxFile.read(file).weights()).isEqualTo(graph.weights());
        assertThat(OnnxFile.fileBytes(graph, 1000))
                .isBetween(
                        folder.resolve("large.onnx.data").toFile().length(),
                        file.toFile().length()
                                + folder.resolve("large.onnx.data").toFile().length());
        try (Engine engine = TestEngines.open(file, EngineOptions.defaults())) {
            Tensor y = engine.run(Map.of("x", Tensor.of(new int[] {1}, new float[] {1})))
                    .get("y");
            assertThat(y.values()[2999]).isEqualTo(15);
        }
    }

    @Test
    void writesAModelAndItsDataTogetherOrNotAtAll() throws IOException {
        Map<Path, AtomicFile.Content> broken = new LinkedHashMap<>();
        broken.put(folder.resolve("m.onnx.data"), channel -> channel.write(ByteBuffer.allocate(8)));
        broken.put(folder.resolve("m.onnx"), channel -> {
            throw new IOException("disk full");
        });
        assertThatThrownBy(() -> AtomicFile.writeTogether(broken))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("m.onnx cannot be written: disk full");
        // A folder appears under the second name when the first file is already in place.
        Files.createDirectories(folder.resolve("busy/inside"));
        broken.put(folder.resolve("m.onnx"), channel -> {});
        broken.put(folder.resolve("busy"), channel -> {});
        assertThatThrownBy(() -> AtomicFile.writeTogether(broken)).isInstanceOf(VitrailException.class);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("busy"));
        }
    }

    @Test
    void replacesTheFileThatItsGraphWasReadFrom() {
        Path file = folder.resolve("model.onnx");
        OnnxFile.write(Graphs.of(17, Map.of("w", Weight.scalar(2)), Node.of("Mul", List.of("x", "w"), "y")), file);
        Graph graph = OnnxFile.read(file);
        OnnxFile.write(graph, file);
        assertThat(OnnxFile.read(file)).isEqualTo(graph);
    }

    @Test
    void leavesNothingBehindWhereItCannotWrite() throws IOException {
        Graph graph = Graphs.of(17, Node.of("Relu", List.of("x"), "y"));
        assertThatThrownBy(() -> OnnxFile.write(graph, folder.resolve("none/model.onnx")))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("there is no folder");
        assertThatThrownBy(() -> OnnxFile.write(graph, folder))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("is a folder");
        assertThatThrownBy(() -> AtomicFile.write(folder.resolve("half"), channel -> {
                    throw new IOException("disk full");
                }))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("disk full");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    private static TensorProto.Builder tensor(TensorProto.DataType type) {
        return Protos.tensor("w", type, 2);
    }

    private static void assertReads(TensorProto.Builder tensor, Weight expected) {
        assertThat(read(tensor)).isEqualTo(expected);
    }

    private static Weight read(TensorProto.Builder tensor) {
        return new TensorCodec(new ExternalDataReader(Path.of("")))
                .read(tensor.build(), "here", Optional.empty())
                .orElseThrow();
    }
}
