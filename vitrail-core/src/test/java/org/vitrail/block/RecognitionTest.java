package org.vitrail.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.block.Attention.Scale;
import org.vitrail.block.LinearLayer.Role;
import org.vitrail.canonical.ConstantFolding;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.Weight;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Fixture;
import org.vitrail.testing.Graphs;

class RecognitionTest {
    private static final List<Role> BLOCK =
            List.of(Role.QUERY, Role.KEY, Role.VALUE, Role.PROJECTION, Role.MLP_EXPAND, Role.MLP_CONTRACT);

    static Stream<Graph> unseen() {
        return Stream.of(
                SyntheticTransformer.plain(),
                SyntheticTransformer.rotary(),
                SyntheticTransformer.cosine(),
                SyntheticTransformer.reducedKeys());
    }

    @ParameterizedTest
    @MethodSource("unseen")
    void findsAttentionOfEveryShapeWithoutKnowingIt(Graph graph) {
        Recognition found = Recognition.of(graph);

        assertThat(found.unrecognised()).isEmpty();
        assertThat(found.blocks()).hasSize(2);
        for (Block block : found.blocks()) {
            assertThat(found.layers().stream()
                            .filter(layer -> layer.block().orElse(-1) == block.index())
                            .map(LinearLayer::role))
                    .containsExactlyElementsOf(BLOCK);
            Attention attention = block.attentions().getFirst();
            assertThat(attention.heads()).hasValue(SyntheticTransformer.HEADS);
            assertThat(attention.headSize()).hasValue(SyntheticTransformer.HEAD_SIZE);
            assertThat(attention.projection()).isPresent();
        }
        assertThat(found.layers().getFirst().role()).isEqualTo(Role.PATCH_EMBEDDING);
        assertThat(found.layers().getLast().role()).isEqualTo(Role.HEAD);
    }

    @Test
    void givesALayersMatrixOrientationAndBias() {
        Recognition found = Recognition.of(SyntheticTransformer.plain());

        LinearLayer patches = found.layers().getFirst();
        assertThat(patches.inFeatures()).isEqualTo(3 * 8 * 8);
        assertThat(patches.outputAxis()).isZero();
        assertThat(patches.bias()).isPresent();
        assertThat(patches.result()).isEqualTo(patches.output());
        LinearLayer query = found.layer(found.attentions().getFirst().query().getFirst());
        assertThat(query.outputAxis()).isEqualTo(1);
        assertThat(found.graph().weights().get(query.weight()).shape())
                .containsExactly(SyntheticTransformer.WIDTH, SyntheticTransformer.WIDTH);
        assertThat(found.graph().weights().get(query.bias().orElseThrow()).shape())
                .containsExactly(SyntheticTransformer.WIDTH);
        assertThat(query.result()).isNotEqualTo(query.output());
    }

    @Test
    void saysWhereScalesAndMasksLie() {
        Graph masked = new SyntheticTransformer()
                .transformer(
                        (sketch, x) -> x,
                        (sketch, x) -> SyntheticTransformer.scaled(sketch, x),
                        (sketch, x) -> sketch.op(
                                "Add", x, sketch.random(1, SyntheticTransformer.TOKENS, SyntheticTransformer.TOKENS)),
                        SyntheticTransformer::gelu);

        Attention plain =
                Recognition.of(SyntheticTransformer.plain()).attentions().getFirst();
        Attention attention = Recognition.of(masked).attentions().getFirst();

        assertThat(plain.scales()).containsExactly(Scale.ON_SCORES);
        assertThat(plain.masks()).isEmpty();
        assertThat(attention.scales()).containsExactlyInAnyOrder(Scale.ON_QUERY, Scale.ON_KEY);
        assertThat(attention.masks()).hasSize(1).allMatch(masked.weights()::containsKey);
    }

    @Test
    void findsTheMlpOfAParallelBlock() {
        SyntheticTransformer sketch = new SyntheticTransformer();
        String x = sketch.transpose(
                sketch.op(
                        "Reshape",
                        sketch.conv("pixels", 3, SyntheticTransformer.WIDTH, 8),
                        sketch.ints(0, SyntheticTransformer.WIDTH, -1)),
                0L,
                2L,
                1L);
        for (int block = 0; block < 3; block++) {
            String normed = sketch.norm(x, SyntheticTransformer.WIDTH);
            String query = sketch.linear(normed, SyntheticTransformer.WIDTH, SyntheticTransformer.WIDTH);
            String key = sketch.linear(normed, SyntheticTransformer.WIDTH, SyntheticTransformer.WIDTH);
            String scores = sketch.op("MatMul", query, sketch.transpose(key, 0L, 2L, 1L));
            String mixed = sketch.op(
                    "MatMul",
                    sketch.softmax(scores),
                    sketch.linear(normed, SyntheticTransformer.WIDTH, SyntheticTransformer.WIDTH));
            String attention = sketch.linear(mixed, SyntheticTransformer.WIDTH, SyntheticTransformer.WIDTH);
            String mlp = sketch.linear(
                    sketch.gelu(sketch.linear(normed, SyntheticTransformer.WIDTH, 2 * SyntheticTransformer.WIDTH)),
                    2 * SyntheticTransformer.WIDTH,
                    SyntheticTransformer.WIDTH);
            x = sketch.op("Add", x, sketch.op("Add", attention, mlp));
        }
        Recognition found = Recognition.of(sketch.graph(
                sketch.linear(sketch.op("ReduceMean", Map.of(), x, sketch.ints(1)), SyntheticTransformer.WIDTH, 10)));

        assertThat(found.blocks()).hasSize(3).allSatisfy(block -> {
            assertThat(block.attentions()).hasSize(1);
            assertThat(block.mlp()).isPresent();
        });
    }

    @Test
    void findsWhichOperandsHoldQueriesAndProbabilitiesWhereAllIsTransposed() {
        SyntheticTransformer sketch = new SyntheticTransformer();
        String x = sketch.op(
                "Reshape",
                sketch.conv("pixels", 3, SyntheticTransformer.WIDTH, 8),
                sketch.ints(0, SyntheticTransformer.WIDTH, -1));
        String tokens = sketch.transpose(x, 0L, 2L, 1L);
        String query = sketch.heads(sketch.linear(tokens, SyntheticTransformer.WIDTH, SyntheticTransformer.WIDTH));
        String key = sketch.heads(sketch.linear(tokens, SyntheticTransformer.WIDTH, SyntheticTransformer.WIDTH));
        String value = sketch.heads(sketch.linear(tokens, SyntheticTransformer.WIDTH, SyntheticTransformer.WIDTH));
        String scores = sketch.op("MatMul", key, sketch.transpose(query, 0L, 1L, 3L, 2L));
        String probabilities = sketch.op("Softmax", Map.of("axis", Attribute.of(2L)), scores);
        String mixed = sketch.op("MatMul", sketch.transpose(value, 0L, 1L, 3L, 2L), probabilities);
        String joined = sketch.op("Reshape", mixed, sketch.ints(0, SyntheticTransformer.WIDTH, -1));
        String projected =
                sketch.op("MatMul", sketch.random(1, SyntheticTransformer.WIDTH, SyntheticTransformer.WIDTH), joined);
        Recognition found = Recognition.of(sketch.graph(projected));

        Attention attention = found.attentions().getFirst();
        assertThat(attention.querySide()).isEqualTo(1);
        assertThat(attention.probabilitySide()).isEqualTo(1);
        assertThat(attention.heads()).hasValue(SyntheticTransformer.HEADS);
        assertThat(attention.headSize()).hasValue(SyntheticTransformer.HEAD_SIZE);
        assertThat(found.layers().stream().map(LinearLayer::role))
                .containsExactly(Role.PATCH_EMBEDDING, Role.QUERY, Role.KEY, Role.VALUE, Role.PROJECTION);
        assertThat(found.layers().getLast().dataInput()).isEqualTo(1);
        assertThat(found.layers().getLast().outputAxis()).isZero();
    }

    @Test
    void findsAGatedMlpWhoseHalvesAreOneLayer() {
        Graph graph = new SyntheticTransformer()
                .transformer(
                        SyntheticTransformer::untouched,
                        SyntheticTransformer::untouched,
                        SyntheticTransformer::scaled,
                        (sketch, x) -> {
                            String half = sketch.slice(x, 2, 0, SyntheticTransformer.WIDTH);
                            String gate = sketch.op("Mul", half, sketch.op("Sigmoid", half));
                            String gated = sketch.op(
                                    "Mul",
                                    gate,
                                    sketch.slice(x, 2, SyntheticTransformer.WIDTH, 2 * SyntheticTransformer.WIDTH));
                            return sketch.concat(2, gated, gated);
                        });

        assertThat(Recognition.of(graph).blocks())
                .hasSize(2)
                .allSatisfy(block -> assertThat(block.mlp().orElseThrow().activation())
                        .map(Activation::kind)
                        .contains(Activation.Kind.SILU));
    }

    static List<Fixture> compact() {
        return Fixture.compact();
    }

    @ParameterizedTest
    @MethodSource("compact")
    @Tag("shared")
    void findsPoolingByAConstantQueryAndPostNormBlocks(Fixture fixture) {
        Recognition found = Recognition.of(OnnxFile.read(fixture.model()));
        int blocks = fixture.name().startsWith("CCT_1") ? 1 : 2;

        assertThat(found.unrecognised()).isEmpty();
        assertThat(found.layers().stream().map(LinearLayer::role))
                .startsWith(Role.PATCH_EMBEDDING)
                .containsAll(BLOCK)
                .endsWith(Role.POOLING_SCORE, Role.HEAD)
                .hasSize(1 + blocks * 6 + 2);
        assertThat(found.blocks()).hasSizeGreaterThanOrEqualTo(blocks);
        assertThat(found.products()).hasSize(2 * blocks + 1);
        assertThat(found.attentions().getLast().scores()).isEmpty();
    }

    @Test
    void leavesWhatFitsNothingFloatAndSaysWhy() {
        SyntheticTransformer sketch = new SyntheticTransformer();
        Graph graph = sketch.transformer(
                SyntheticTransformer::untouched,
                SyntheticTransformer::untouched,
                SyntheticTransformer::scaled,
                (drawn, x) -> drawn.op("MatMul", drawn.op("MatMul", x, drawn.transpose(x, 0L, 2L, 1L)), x));

        assertThat(Recognition.of(graph).unrecognised())
                .hasSize(4)
                .allSatisfy(part -> assertThat(part.reason())
                        .isEqualTo("a product of two computed values with no softmax before or behind it"));
    }

    /** CoaT's factorised attention: softmax of the keys over the tokens, times the values, read by the queries. */
    @Test
    void findsAttentionWhoseSoftmaxReadsAPartOfOneLayer() {
        Graph graph = Graphs.of(
                20,
                Map.of("w", Weight.ofFloats(new int[] {8, 24}, new float[8 * 24])),
                Node.of("MatMul", List.of("x", "w"), "qkv"),
                Node.of("Split", List.of("qkv"), List.of("q", "k", "v"), Map.of("axis", Attribute.of(-1L))),
                Node.of("Softmax", List.of("k"), List.of("p"), Map.of("axis", Attribute.of(1L))),
                Node.of("Transpose", List.of("p"), List.of("t"), Map.of("perm", Attribute.ints(0L, 2L, 1L))),
                Node.of("MatMul", List.of("t", "v"), "context"),
                Node.of("MatMul", List.of("q", "context"), "y"));

        assertThat(Recognition.of(graph).attentions())
                .singleElement()
                .satisfies(attention -> assertThat(attention.query()).containsExactly("qkv"));
    }

    @Test
    void refusesAGraphWithoutAttention() {
        Graph graph = Graphs.of(20, Node.of("Relu", List.of("x"), "y"));

        assertThatThrownBy(() -> Recognition.of(graph))
                .isInstanceOf(VitrailException.class)
                .hasMessage("the model small has no transformer block (no softmax stands between two matrix products):"
                        + " give a vision transformer");
    }

    @Test
    void refusesFusedAttentionAndSaysWhatToGiveInstead() {
        Node fused = new Node(
                "layer0",
                "com.microsoft",
                "Attention",
                List.of("x", "w", "b"),
                List.of("y"),
                Map.of(),
                UninterpretedProto.NONE);

        assertThatThrownBy(() -> Recognition.of(Graphs.of(20, fused)))
                .isInstanceOf(VitrailException.class)
                .hasMessage("the model small has attention fused into one operator (layer0, Attention): give the model"
                        + " as it was before a runtime's optimizer fused it");
    }

    @Test
    void doesNotTakePositionBiasesMadeFromQueriesForTheScores() {
        List<String> queries = new ArrayList<>();
        Graph graph = new SyntheticTransformer()
                .transformer(
                        SyntheticTransformer::untouched,
                        (sketch, x) -> {
                            queries.add(x);
                            return x;
                        },
                        (sketch, scores) -> {
                            String query = queries.get(queries.size() - 2);
                            String table = sketch.random(
                                    1,
                                    SyntheticTransformer.HEADS,
                                    SyntheticTransformer.HEAD_SIZE,
                                    SyntheticTransformer.TOKENS);
                            return sketch.op("Add", sketch.op("MatMul", query, table), scores);
                        },
                        SyntheticTransformer::gelu);
        Recognition found = Recognition.of(graph);

        assertThat(found.attentions()).hasSize(2).allSatisfy(attention -> {
            assertThat(attention.key()).hasSize(1);
            assertThat(attention.masks()).hasSize(1);
        });
        assertThat(found.unrecognised())
                .hasSize(2)
                .allSatisfy(part -> assertThat(part.reason())
                        .isEqualTo("a product with a constant that is no matrix of floating-point numbers"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void seesThroughOtherNamesAnotherOrderAndNodesThatDoNothing(long seed) {
        unseen().forEach(graph ->
                assertThat(outline(GraphObfuscation.of(graph, seed))).isEqualTo(outline(graph)));
    }

    /** Returns each architecture once, from the newer exporter where that could export it. */
    static Collection<Fixture> real() {
        Map<Path, Fixture> byFolder = new LinkedHashMap<>();
        Fixture.small().forEach(fixture -> byFolder.put(fixture.model().getParent(), fixture));
        return byFolder.values();
    }

    @ParameterizedTest
    @MethodSource("real")
    @Tag("shared")
    void seesThroughDisguisedExports(Fixture fixture) {
        Graph graph = OnnxFile.read(fixture.model());

        assertThat(outline(GraphObfuscation.of(graph, 5))).isEqualTo(outline(graph));
    }

    /** Returns everything that does not depend on names and order, as sorted text. */
    private static List<String> outline(Graph graph) {
        Recognition found = Recognition.of(ConstantFolding.fold(graph));
        return Stream.of(
                        found.layers().stream()
                                .map(layer -> String.join(
                                        " ",
                                        layer.block().toString(),
                                        layer.role().name(),
                                        found.graph()
                                                .weights()
                                                .get(layer.weight())
                                                .toString(),
                                        "axis " + layer.outputAxis(),
                                        layer.bias().isPresent() ? "with bias" : "")),
                        found.blocks().stream().map(RecognitionTest::outline),
                        found.products().stream().map(product -> product.role().name()),
                        found.norms().stream()
                                .map(norm -> norm.kind() + " " + norm.scale().isPresent()),
                        found.activations().stream()
                                .map(activation -> activation.kind().name()),
                        found.unrecognised().stream().map(Unrecognised::reason))
                .flatMap(part -> part)
                .sorted()
                .toList();
    }

    private static String outline(Block block) {
        return "block " + block.index() + ": "
                + block.attentions().stream()
                        .map(attention -> String.join(
                                " ",
                                new TreeSet<>(attention.scales()).toString(),
                                "masks " + attention.masks().size(),
                                sizes(attention.query(), attention.key(), attention.value(), attention.mixers()),
                                attention.heads().toString(),
                                attention.headSize().toString(),
                                "sides " + attention.querySide() + attention.probabilitySide()))
                        .toList()
                + block.mlp().map(mlp -> mlp.activation().map(Activation::kind).toString());
    }

    private static String sizes(Collection<?>... lists) {
        return Stream.of(lists).map(Collection::size).toList().toString();
    }
}
