package org.vitrail.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.block.LinearLayer.Role;
import org.vitrail.block.ResidualStream.Reader;
import org.vitrail.block.ResidualStream.Stage;
import org.vitrail.block.ResidualStream.Writer;
import org.vitrail.canonical.ConstantFolding;
import org.vitrail.canonical.PatchEmbeddingAsMatMul;
import org.vitrail.graph.Graph;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.testing.Fixture;
import org.vitrail.testing.Shared;

class ResidualStreamTest {
    private static ResidualStream of(String model) {
        return ResidualStreamFinder.find(
                Recognition.of(ConstantFolding.fold(OnnxFile.read(Shared.path("models/onnx/" + model)))));
    }

    private static List<Stage> stages(ResidualStream stream) {
        assertThat(stream).isInstanceOf(ResidualStream.Found.class);
        return ((ResidualStream.Found) stream).stages();
    }

    private static Stage only(ResidualStream stream) {
        assertThat(stages(stream)).hasSize(1);
        return stages(stream).getFirst();
    }

    private static List<Role> roles(List<Writer.OfLayer> writers) {
        return writers.stream().map(writer -> writer.layer().role()).toList();
    }

    /** Every part of a stage can be rewritten, and every norm can be folded into layers. */
    private static void assertCanBeRewritten(Stage stage) {
        assertThat(stage.writers()).noneMatch(Writer.Other.class::isInstance);
        assertThat(stage.readers()).noneMatch(Reader.Other.class::isInstance);
        assertThat(stage.normReaders()).allSatisfy(reader -> {
            assertThat(reader.others()).isEmpty();
            assertThat(reader.layers()).isNotEmpty();
        });
    }

    @Tag("shared")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "deit-tiny-in1k.timm.torchscript.onnx",
                "deit-tiny-in1k.hf.dynamo/model.onnx",
                "vit-tiny-in1k.timm.dynamo.onnx"
            })
    void aPlainTransformerOfDepthTwelveHas25WritersAnd25Readers(String model) {
        Stage stage = only(of(model));

        assertThat(stage.channels()).isEqualTo(192);
        assertThat(stage.sums()).hasSize(24);
        assertThat(stage.layerWriters()).hasSize(25);
        assertThat(roles(stage.layerWriters()))
                .startsWith(Role.PATCH_EMBEDDING, Role.PROJECTION, Role.MLP_CONTRACT, Role.PROJECTION);
        assertThat(stage.writers())
                .filteredOn(Writer.OfConstant.class::isInstance)
                .as("class token and positions")
                .hasSize(2);
        assertThat(stage.readers()).hasSize(25).allMatch(Reader.OfNorm.class::isInstance);
        assertThat(stage.normReaders().getLast().layers())
                .extracting(LinearLayer::role)
                .containsExactly(Role.HEAD);
        assertCanBeRewritten(stage);
    }

    static Stream<Fixture> small() {
        return Fixture.small().stream().filter(fixture -> !fixture.name().startsWith("hf-detr"));
    }

    /** All of the small models have blocks of one attention and one MLP behind norms. */
    @Tag("shared")
    @ParameterizedTest
    @MethodSource("small")
    void everyProjectionAndEveryMlpWritesToAStreamAndEveryBlockReadsIt(Fixture fixture) {
        Recognition recognition = Recognition.of(ConstantFolding.fold(OnnxFile.read(fixture.model())));
        List<Stage> stages = stages(ResidualStreamFinder.find(recognition));

        List<String> writers = stages.stream()
                .flatMap(stage -> stage.layerWriters().stream())
                .map(writer -> writer.layer().output())
                .toList();
        List<String> read = stages.stream()
                .flatMap(stage -> stage.normReaders().stream())
                .flatMap(reader -> reader.layers().stream())
                .map(LinearLayer::output)
                .toList();
        assertThat(writers).doesNotHaveDuplicates();
        assertThat(read).doesNotHaveDuplicates();
        for (LinearLayer layer : recognition.layers()) {
            switch (layer.role()) {
                case PROJECTION, MLP_CONTRACT -> assertThat(writers).contains(layer.output());
                case MLP_EXPAND, MLP_GATE, QUERY_KEY_VALUE, MERGE ->
                    assertThat(read).contains(layer.output());
                default -> assertThat(layer.output()).isNotEmpty();
            }
        }
        assertThat(stages).allSatisfy(stage -> {
            assertThat(stage.writers()).noneMatch(Writer.Other.class::isInstance);
            assertThat(stage.readers()).noneMatch(Reader.Other.class::isInstance);
        });
    }

    @Tag("shared")
    @ParameterizedTest
    @ValueSource(strings = {"torchscript", "dynamo"})
    void layerScaleStandsBetweenALayerAndTheStream(String exporter) {
        Stage cait = only(of("small/timm-cait/" + exporter + ".onnx"));

        assertThat(cait.layerWriters()).hasSize(9);
        assertThat(cait.layerWriters().getFirst().scale()).isEmpty();
        assertThat(cait.layerWriters().subList(1, 9))
                .allMatch(writer -> writer.scale().isPresent());
        assertThat(cait.layerWriters().get(1).scale()).contains("blocks.0.gamma_1");
        assertThat(cait.normReaders()).hasSize(9);
        assertCanBeRewritten(cait);
    }

    @Tag("shared")
    @ParameterizedTest
    @ValueSource(strings = {"timm-swin/torchscript", "timm-swin/dynamo", "hf-swin/torchscript"})
    void aHierarchicalModelHasAStreamForEachWidth(String model) {
        List<Stage> stages = stages(of("small/" + model + ".onnx"));

        assertThat(stages).extracting(Stage::channels).containsExactly(24, 48);
        assertThat(roles(stages.get(0).layerWriters()))
                .containsExactly(
                        Role.PATCH_EMBEDDING, Role.PROJECTION, Role.MLP_CONTRACT, Role.PROJECTION, Role.MLP_CONTRACT);
        assertThat(stages.get(0).layerWriters().getFirst().norm()).isPresent();
        Reader.OfNorm merging = stages.get(0).normReaders().getLast();
        assertThat(merging.groups()).isEqualTo(4);
        assertThat(merging.layers()).extracting(LinearLayer::role).containsExactly(Role.MERGE);
        assertThat(roles(stages.get(1).layerWriters())).startsWith(Role.MERGE).hasSize(5);
        assertThat(stages).allSatisfy(ResidualStreamTest::assertCanBeRewritten);
    }

    @Tag("shared")
    @Test
    void saysWhatElseReadsANorm() {
        Stage clip = only(of("small/hf-clip-vision/torchscript.onnx"));
        Stage dino = only(of("small/hf-dinov2-swiglu/torchscript.onnx"));

        assertThat(clip.writers()).filteredOn(Writer.OfNorm.class::isInstance).hasSize(1);
        assertThat(clip.layerWriters()).hasSize(4);
        assertThat(dino.normReaders().getLast().layers()).isEmpty();
        assertThat(dino.normReaders().getLast().others()).containsExactly("output");
    }

    @Tag("shared")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "onnx/small/hf-detr/torchscript.onnx",
                "onnx/small/hf-detr/dynamo.onnx",
                "cct-onnx/CCT_2_32_32_128_Opset20/network.onnx",
                "cct-onnx/CCT_1_16_16_8/network.onnx",
                "cct-onnx/CCT_1_32_32_32/network.onnx"
            })
    void aModelThatNormalizesItsSumsHasNoStream(String model) {
        Graph graph = ConstantFolding.fold(OnnxFile.read(Shared.path("models/" + model)));

        assertThat(ResidualStreamFinder.find(Recognition.of(graph)))
                .isInstanceOfSatisfying(
                        ResidualStream.None.class,
                        none -> assertThat(none.reason()).contains("post-norm"));
    }

    @Test
    void findsTheStreamWherePatchEmbeddingsAreMatrixProductsAndWhereNothingIsNamed() {
        Graph plain = SyntheticTransformer.plain();
        Stage stage = only(ResidualStreamFinder.find(Recognition.of(plain)));

        assertThat(stage.layerWriters()).hasSize(5);
        assertThat(stage.normReaders()).hasSize(5);
        assertCanBeRewritten(stage);
        Stage rewritten = only(ResidualStreamFinder.find(Recognition.of(PatchEmbeddingAsMatMul.rewrite(plain))));
        assertThat(roles(rewritten.layerWriters())).isEqualTo(roles(stage.layerWriters()));
        assertCanBeRewritten(rewritten);
    }

    /** Swin v2 normalizes the result of a branch, not its input. */
    @Test
    void aNormBehindABranchBelongsToItsWriter() {
        Stage stage = only(ResidualStreamFinder.find(Recognition.of(normsBehindBranches(false))));

        assertThat(stage.layerWriters()).hasSize(5);
        assertThat(stage.layerWriters().getFirst().norm()).isEmpty();
        assertThat(stage.layerWriters().subList(1, 5))
                .allMatch(writer -> writer.norm().isPresent());
        assertThat(stage.readers())
                .filteredOn(Reader.OfLayer.class::isInstance)
                .as("queries, keys, values and MLPs of two blocks")
                .hasSize(8);
        assertThat(stage.normReaders()).hasSize(1);
    }

    @Test
    void saysWhyAModelWithNormsOfSumsHasNoStream() {
        assertThat(ResidualStreamFinder.find(Recognition.of(normsBehindBranches(true))))
                .isEqualTo(
                        new ResidualStream.None("a sum with an attention's or MLP's output is normalized before it is"
                                + " added to again (post-norm)"));
    }

    /** A transformer of two blocks whose norms stand behind branches, or behind the sums with them. */
    private static Graph normsBehindBranches(boolean behindSums) {
        SyntheticTransformer sketch = new SyntheticTransformer();
        int width = SyntheticTransformer.WIDTH;
        String x = sketch.transpose(
                sketch.op("Reshape", sketch.conv("pixels", 3, width, 8), sketch.ints(0, width, -1)), 0L, 2L, 1L);
        for (int block = 0; block < 2; block++) {
            String query = sketch.heads(sketch.linear(x, width, width));
            String key = sketch.heads(sketch.linear(x, width, width));
            String value = sketch.heads(sketch.linear(x, width, width));
            String scores = sketch.op("MatMul", query, sketch.transpose(key, 0L, 1L, 3L, 2L));
            String mixed = sketch.op("MatMul", sketch.softmax(scores), value);
            String joined = sketch.op("Reshape", sketch.transpose(mixed, 0L, 2L, 1L, 3L), sketch.ints(0, -1, width));
            x = added(sketch, x, sketch.linear(joined, width, width), behindSums);
            String hidden = sketch.gelu(sketch.linear(x, width, 2 * width));
            x = added(sketch, x, sketch.linear(hidden, 2 * width, width), behindSums);
        }
        String token = sketch.op("Reshape", sketch.slice(sketch.norm(x, width), 1, 0, 1), sketch.ints(0, width));
        return sketch.graph(sketch.op("Gemm", token, sketch.random(0.2, width, 10), sketch.random(0.1, 10)));
    }

    private static String added(SyntheticTransformer sketch, String x, String branch, boolean behindSums) {
        int width = SyntheticTransformer.WIDTH;
        return behindSums
                ? sketch.norm(sketch.op("Add", x, branch), width)
                : sketch.op("Add", x, sketch.norm(branch, width));
    }

    @Test
    void aValueThatIsNoLayersResultIsNamed() {
        Graph reduced = SyntheticTransformer.reducedKeys();
        Stage stage = only(ResidualStreamFinder.find(Recognition.of(reduced)));

        assertThat(stage.layerWriters()).hasSize(5);
        assertThat(stage.normReaders()).hasSize(5);
        assertThat(stage.normReaders().getFirst().layers())
                .as("queries, and the convolution that reduces keys and values")
                .hasSize(2);
        assertThat(Optional.of(stage.channels())).contains(SyntheticTransformer.WIDTH);
    }
}
