package org.vitrail.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import onnx.OnnxMl.AttributeProto;
import onnx.OnnxMl.ModelProto;
import onnx.OnnxMl.NodeProto;
import onnx.OnnxMl.TensorProto;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.graph.Graph;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Shared;

/** Tests that reading any file returns a graph or throws an exception with one sentence that names the file. */
class BadFilesTest {
    private static final NodeProto RELU = Protos.node("Relu", List.of("x"), "y");

    @TempDir
    Path folder;

    @Test
    void tellsAMissingFileFromAFolderAndAnEmptyFile() throws IOException {
        assertRefused(folder.resolve("none.onnx")).hasMessageContaining("there is no file");
        assertRefused(folder).hasMessageContaining("is a folder");
        assertRefused(Protos.save(new byte[0], folder)).hasMessageContaining("is empty");
    }

    @ParameterizedTest
    @CsvSource({
        "'just some notes', is not an ONNX file",
        "'\u0089PNG\r\n', a PNG image",
        "'\u0080\u0002}q\u0000(X', a Python pickle",
        "'PK\u0003\u0004rest', a zip archive",
        "'version https://git-lfs.github.com/spec/v1', a Git LFS pointer",
        "'\u0010\u0000\u0000\u0000\u0000\u0000\u0000\u0000{\"a\":{}}', a safetensors checkpoint"
    })
    void saysWhatAFileIsThatIsNotOnnx(String content, String expected) {
        assertRefused(Protos.save(content.getBytes(StandardCharsets.ISO_8859_1), folder))
                .hasMessageContaining("is not an ONNX file")
                .hasMessageContaining(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 24, Integer.MAX_VALUE})
    void namesAnOpsetThatItDoesNotRead(int opset) {
        ModelProto.Builder model = Protos.model(RELU);
        model.getOpsetImportBuilder(0).setVersion(opset);
        assertRefused(Protos.save(model, folder)).hasMessageContaining("uses opset " + opset);
    }

    @Test
    void namesTheNodeThatReadsWhatNothingDefines() {
        assertRefused(Protos.save(Protos.model(Protos.node("Add", List.of("x", "ghost"), "y")), folder))
                .hasMessageContaining("node Add -> y: reads the value ghost, which nothing in the file defines");
    }

    @Test
    void tellsNodesOutOfOrderFromUndefinedValues() {
        NodeProto first = Protos.node("Add", List.of("x", "b"), "y");
        NodeProto second = Protos.node("Relu", List.of("y"), "b");
        assertRefused(Protos.save(Protos.model(first, second), folder)).hasMessageContaining("cycle");
    }

    @Test
    void namesAValueThatIsDefinedTwice() {
        assertRefused(Protos.save(Protos.model(RELU, RELU), folder))
                .hasMessageContaining("the value y is defined twice");
        ModelProto.Builder twoInputs = Protos.model(RELU);
        twoInputs.getGraphBuilder().addInput(Protos.value("x"));
        assertRefused(Protos.save(twoInputs, folder)).hasMessageContaining("the value x is defined twice");
    }

    @Test
    void namesAnOutputThatNothingMakes() {
        assertRefused(Protos.save(Protos.model(Protos.node("Relu", List.of("x"), "z")), folder))
                .hasMessageContaining("its output y");
    }

    @Test
    void refusesANodeWithoutOutputs() {
        NodeProto node = NodeProto.newBuilder().setOpType("Relu").addInput("x").build();
        assertRefused(Protos.save(Protos.model(node), folder)).hasMessageContaining("has no output");
    }

    @Test
    void refusesDeepNestingInsteadOfOverflowingTheStack() {
        NodeProto node = RELU;
        for (int depth = 0; depth < 200; depth++) {
            AttributeProto.Builder body =
                    AttributeProto.newBuilder().setName("body").setType(AttributeProto.AttributeType.GRAPH);
            body.getGBuilder().addNode(node);
            node = RELU.toBuilder().addAttribute(body).build();
        }
        assertRefused(Protos.save(Protos.model(node), folder)).hasMessageContaining("nesting");
    }

    @Test
    void allocatesNothingForAWeightThatOnlyClaimsToBeLarge() {
        TensorProto.Builder huge = Protos.tensor("w", TensorProto.DataType.FLOAT, 400_000_000);
        assertRefused(Protos.save(withWeight(huge), folder))
                .hasMessageContaining("weight w")
                .hasMessageContaining("but the file holds 0");
        assertRefused(Protos.save(withWeight(huge.addDims(Integer.MAX_VALUE).addDims(Integer.MAX_VALUE)), folder))
                .hasMessageContaining("more than");
        assertRefused(Protos.save(withWeight(Protos.tensor("w", TensorProto.DataType.FLOAT, -1)), folder))
                .hasMessageContaining("extent 0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret.bin",
                "a/../../secret.bin",
                "/etc/hostname",
                "..",
                "link.bin",
                "outside/secret.bin",
                ""
            })
    void refusesExternalDataOutsideTheModelsFolder(String location) throws IOException {
        Path inner = Files.createDirectory(folder.resolve("model"));
        Path secret = Files.write(folder.resolve("secret.bin"), new byte[64]);
        Files.createSymbolicLink(inner.resolve("link.bin"), secret);
        Files.createSymbolicLink(inner.resolve("outside"), folder);
        assertRefused(Protos.save(withWeight(Protos.external("w", location, 0, 16, 4)), inner))
                .hasMessageContaining("folder");
    }

    @Test
    void checksOffsetAndLengthAgainstTheDataFile() throws IOException {
        Files.write(folder.resolve("w.bin"), new byte[64]);
        for (long offset : new long[] {60, 1000, Long.MAX_VALUE - 3}) {
            assertRefused(Protos.save(withWeight(Protos.external("w", "w.bin", offset, 16, 4)), folder))
                    .hasMessageContaining("which has only 64");
        }
        assertRefused(Protos.save(withWeight(Protos.external("w", "w.bin", -4, 16, 4)), folder))
                .hasMessageContaining("offset");
        assertRefused(Protos.save(withWeight(Protos.external("w", "w.bin", 0, 12, 4)), folder))
                .hasMessageContaining("take 16 bytes");
        assertRefused(Protos.save(withWeight(Protos.external("w", "none.bin", 0, 16, 4)), folder))
                .hasMessageContaining("none.bin is missing");
        assertRefused(Protos.save(withWeight(Protos.external("w", ".", 0, 16, 4)), folder))
                .hasMessageContaining("is not a file");
    }

    @Test
    void survivesCutsAtEveryByteAndFlipsOfEveryBit() {
        byte[] whole = withWeight(Protos.tensor("w", TensorProto.DataType.FLOAT, 2)
                        .addFloatData(1)
                        .addFloatData(2))
                .build()
                .toByteArray();
        for (int length = 1; length < whole.length; length++) {
            readsOrRefuses(Arrays.copyOf(whole, length));
        }
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            readsOrRefuses(flipped);
        }
    }

    @Test
    @Tag("shared")
    void survivesCutsAndDamageOfARealModel() throws IOException {
        byte[] whole = Files.readAllBytes(Shared.path("models/onnx/small/timm-vit/dynamo.onnx"));
        Random random = new Random(1);
        for (int i = 0; i < 100; i++) {
            Path cut = Protos.save(Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 200)), folder);
            assertRefused(cut).hasMessageContaining("cut short");
            byte[] damaged = whole.clone();
            for (int flips = 0; flips <= i % 8; flips++) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            readsOrRefuses(damaged);
        }
    }

    private void readsOrRefuses(byte[] bytes) {
        try {
            Graph graph = OnnxFile.read(Protos.save(bytes, folder));
            assertThat(OnnxFile.bytes(graph).remaining()).isPositive();
        } catch (VitrailException e) {
            assertThat(e).hasMessageContaining("model.onnx");
        }
    }

    private static ModelProto.Builder withWeight(TensorProto.Builder weight) {
        ModelProto.Builder model = Protos.model(Protos.node("Add", List.of("x", "w"), "y"));
        model.getGraphBuilder().addInitializer(weight);
        return model;
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Path file) {
        return assertThatThrownBy(() -> OnnxFile.read(file))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining(file.getFileName().toString())
                .hasMessageNotContaining("\n");
    }
}
