package org.vitrail.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.block.LinearLayer.Role;
import org.vitrail.canonical.ConstantFolding;
import org.vitrail.canonical.PatchEmbeddingAsMatMul;
import org.vitrail.checkpoint.CheckpointImport;
import org.vitrail.checkpoint.ImportOptions;
import org.vitrail.checkpoint.ImportedModel;
import org.vitrail.graph.Graph;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.testing.Shared;

/**
 * Tests which parts are found in real exports, one row per model, counted from the architectures and not from the
 * graphs.
 */
@Tag("shared")
class RecognisedModelsTest {
    private static final Layers PATCH = some(1, Role.PATCH_EMBEDDING);
    private static final Layers HEAD = some(1, Role.HEAD);

    record Layers(int count, Role role) {}

    private static Layers some(int count, Role role) {
        return new Layers(count, role);
    }

    /**
     * @param attentions number of attentions, each with two products
     * @param layers linear layers by role
     * @param activation the activation of every MLP
     */
    record Row(
            String model,
            List<String> exporters,
            int blocks,
            int attentions,
            List<Layers> layers,
            Activation.Kind activation) {
        int linearLayers() {
            return counts().values().stream().mapToInt(Integer::intValue).sum();
        }

        Map<Role, Integer> counts() {
            Map<Role, Integer> counts = new TreeMap<>();
            layers.forEach(layer -> counts.merge(layer.role(), layer.count(), Integer::sum));
            return counts;
        }
    }

    private static Row fused(String model, List<String> exporters, int blocks, Layers... others) {
        return plain(
                model, exporters, blocks, Activation.Kind.GELU, List.of(some(blocks, Role.QUERY_KEY_VALUE)), others);
    }

    private static Row separate(
            String model, List<String> exporters, int blocks, Activation.Kind activation, Layers... others) {
        return plain(
                model,
                exporters,
                blocks,
                activation,
                List.of(some(blocks, Role.QUERY), some(blocks, Role.KEY), some(blocks, Role.VALUE)),
                others);
    }

    private static Row plain(
            String model,
            List<String> exporters,
            int blocks,
            Activation.Kind activation,
            List<Layers> inputs,
            Layers... others) {
        List<Layers> layers = Stream.of(
                        inputs.stream(),
                        Stream.of(
                                some(blocks, Role.PROJECTION),
                                some(blocks, Role.MLP_EXPAND),
                                some(blocks, Role.MLP_CONTRACT)),
                        Stream.of(others))
                .flatMap(part -> part)
                .toList();
        return new Row(model, exporters, blocks, blocks, layers, activation);
    }

    static List<Row> models() {
        List<String> both = List.of("torchscript", "dynamo");
        List<String> torchscript = List.of("torchscript");
        Activation.Kind gelu = Activation.Kind.GELU;
        return List.of(
                fused("deit-tiny-in1k.timm.torchscript.onnx", List.of(), 12, PATCH, HEAD),
                fused("vit-tiny-in1k.timm.dynamo.onnx", List.of(), 12, PATCH, HEAD),
                separate("deit-tiny-in1k.hf.dynamo/model.onnx", List.of(), 12, gelu, PATCH, HEAD),
                fused("small/timm-vit", both, 2, PATCH, HEAD),
                fused("small/timm-vit-gap", both, 2, PATCH, HEAD),
                fused("small/timm-vit-qknorm", both, 2, PATCH, HEAD),
                fused("small/timm-deit3", both, 2, PATCH, HEAD),
                fused("small/timm-deit-distilled", both, 2, PATCH, some(2, Role.HEAD)),
                fused("small/timm-dinov2-reg", both, 2, PATCH, HEAD),
                fused("small/timm-beit", torchscript, 2, PATCH, HEAD),
                fused("small/timm-swin", both, 4, PATCH, some(1, Role.MERGE), HEAD),
                fused("small/torchvision-vit", both, 2, PATCH, HEAD),
                separate("small/hf-vit", both, 2, gelu, PATCH, HEAD),
                separate("small/hf-deit-distilled", both, 2, gelu, PATCH, some(2, Role.HEAD)),
                separate("small/hf-beit", torchscript, 2, gelu, PATCH, HEAD),
                separate("small/hf-swin", torchscript, 4, gelu, PATCH, some(1, Role.MERGE), HEAD),
                separate("small/hf-dinov2", both, 2, gelu, PATCH, HEAD),
                separate("small/hf-dinov2-swiglu", both, 2, Activation.Kind.SILU, PATCH, some(2, Role.MLP_GATE)),
                separate("small/hf-clip-vision", both, 2, Activation.Kind.QUICK_GELU, PATCH, HEAD),
                separate("small/hf-yolos", both, 2, gelu, PATCH, some(6, Role.HEAD)),
                // two blocks, and pooling by attention with a learned query, keys and values fused
                new Row(
                        "small/hf-siglip-vision",
                        both,
                        3,
                        3,
                        List.of(
                                PATCH,
                                some(3, Role.QUERY),
                                some(2, Role.KEY),
                                some(2, Role.VALUE),
                                some(1, Role.KEY_VALUE),
                                some(3, Role.PROJECTION),
                                some(3, Role.MLP_EXPAND),
                                some(3, Role.MLP_CONTRACT)),
                        Activation.Kind.GELU_TANH),
                // two blocks with heads mixed before and after softmax, two of class attention
                new Row(
                        "small/timm-cait",
                        both,
                        4,
                        4,
                        List.of(
                                PATCH,
                                HEAD,
                                some(2, Role.QUERY_KEY_VALUE),
                                some(4, Role.HEAD_MIXING),
                                some(2, Role.QUERY),
                                some(2, Role.KEY),
                                some(2, Role.VALUE),
                                some(4, Role.PROJECTION),
                                some(4, Role.MLP_EXPAND),
                                some(4, Role.MLP_CONTRACT)),
                        gelu),
                // a ResNet of 9 convolutions and 3 shortcuts; 2 encoder blocks; 2 decoder blocks of two attentions
                new Row(
                        "small/hf-detr",
                        both,
                        4,
                        6,
                        List.of(
                                some(12, Role.BACKBONE),
                                PATCH,
                                some(4, Role.HEAD),
                                some(6, Role.QUERY),
                                some(6, Role.KEY),
                                some(6, Role.VALUE),
                                some(6, Role.PROJECTION),
                                some(4, Role.MLP_EXPAND),
                                some(4, Role.MLP_CONTRACT)),
                        Activation.Kind.RELU));
    }

    static Stream<String[]> files() {
        return models().stream()
                .flatMap(row -> row.exporters().isEmpty()
                        ? Stream.of(new String[][] {{row.model(), row.model()}})
                        : row.exporters().stream()
                                .map(exporter -> new String[] {row.model(), row.model() + "/" + exporter + ".onnx"}));
    }

    @ParameterizedTest
    @MethodSource("files")
    void findsEveryLayerAndProductAndItsRole(String model, String file) {
        Row row = models().stream()
                .filter(other -> other.model().equals(model))
                .findFirst()
                .orElseThrow();
        Recognition found = Recognition.of(ConstantFolding.fold(OnnxFile.read(Shared.path("models/onnx/" + file))));

        assertThat(found.unrecognised()).isEmpty();
        assertThat(found.layers()).hasSize(row.linearLayers());
        assertThat(roles(found)).isEqualTo(row.counts());
        assertThat(found.products()).hasSize(2 * row.attentions());
        assertThat(found.attentions()).hasSize(row.attentions()).allSatisfy(attention -> {
            assertThat(attention.scores()).isPresent();
            assertThat(attention.query()).hasSize(1);
            assertThat(attention.key()).hasSize(1);
            assertThat(attention.value()).hasSize(1);
            assertThat(attention.projection()).isPresent();
        });
        assertThat(found.blocks())
                .hasSize(row.blocks())
                .allSatisfy(block -> assertThat(block.mlp().orElseThrow().activation())
                        .map(Activation::kind)
                        .contains(row.activation()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"timm-vit", "hf-vit", "timm-swin"})
    void findsTheSameRolesWherePatchEmbeddingsAreMatrixProducts(String model) {
        Graph graph =
                ConstantFolding.fold(OnnxFile.read(Shared.path("models/onnx/small/" + model + "/torchscript.onnx")));
        Graph rewritten = PatchEmbeddingAsMatMul.rewrite(graph);

        assertThat(Recognition.of(rewritten).layers()).noneMatch(LinearLayer::isConvolution);
        assertThat(roles(Recognition.of(rewritten))).isEqualTo(roles(Recognition.of(graph)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deit-tiny-in1k/deit_tiny_patch16_224.safetensors",
                "small-checkpoints/hf-vit",
                "small-checkpoints/hf-deit-distilled"
            })
    void findsEveryPartOfAnImportedCheckpoint(String checkpoint) {
        ImportedModel imported = CheckpointImport.read(Shared.path("models/" + checkpoint), ImportOptions.defaults());
        Recognition found = Recognition.of(ConstantFolding.fold(imported.graph()));

        assertThat(found.unrecognised()).isEmpty();
        assertThat(found.layers()).noneMatch(layer -> layer.role() == Role.OTHER);
        assertThat(found.blocks())
                .hasSize(checkpoint.startsWith("deit") ? 12 : 2)
                .allSatisfy(block -> {
                    assertThat(block.attentions()).hasSize(1);
                    assertThat(block.mlp()).isPresent();
                });
    }

    private static Map<Role, Integer> roles(Recognition found) {
        Map<Role, Integer> roles = new TreeMap<>();
        found.layers().forEach(layer -> roles.merge(layer.role(), 1, Integer::sum));
        return roles;
    }
}
