package org.vitrail.canonical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.block.LinearLayer;
import org.vitrail.block.Recognition;
import org.vitrail.engine.Engine;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.shape.Shapes;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Shared;
import org.vitrail.testing.TestEngines;

class EinsumAsMatMulTest {
    /** Extents by index; {@code b} is symbolic in the graph. */
    private static final Map<Character, Integer> EXTENTS =
            Map.of('b', 2, 'h', 3, 'q', 4, 'k', 5, 'd', 6, 'e', 7, 'w', 2, 'c', 3);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bqd,bkd->bqk",
                "bhqd,bhkd->bhqk",
                "bhqk,bhkd->bqhd",
                "bqhd,bkhd->bhqk",
                "bhqk,bkhd->bqhd",
                "bqd,de->bqe",
                "de,bqd->bqe",
                "bqd,dhe->bhqe",
                "bqd,hde->bqhe",
                "bqhd,hde->bqe",
                "bhwc,hkc->bhwk",
                "bhwc,wkc->bhwk",
                "qd,kd->qk",
                "bd,bd->b",
                "d,dk->k",
                "bqd,d->bq",
                "bqd, bkd -> bkq",
                "bqd,bkd",
                "dq,kd"
            })
    void writesAProductOfTwoOperandsAsMatMul(String equation) {
        Graph graph = graph(equation);
        Graph rewritten = EinsumAsMatMul.rewrite(graph);
        assertThat(rewritten.nodes()).anyMatch(node -> node.is("MatMul")).noneMatch(node -> node.is("Einsum"));
        assertSame(rewritten, graph);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bqd->bdq", "qq,qd->qd", "bq,bq->bq", "q,k->qk", "bqd,qk->bk", "...qd,dk->...qk"})
    void leavesWhatIsNoPlainProduct(String equation) {
        Graph graph = graph(equation);
        assertThat(EinsumAsMatMul.rewrite(graph).nodes()).isEqualTo(graph.nodes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"timm-vit/torchscript", "hf-vit/dynamo", "timm-beit/torchscript", "timm-swin/torchscript"})
    @Tag("shared")
    void recognisesAModelWhoseProductsAreSpelledAsEinsum(String model) {
        Graph graph = ConstantFolding.fold(OnnxFile.read(Shared.path("models/onnx/small/" + model + ".onnx")));
        Graph spelled = withEinsums(graph);
        assertThat(spelled.nodes()).noneMatch(node -> node.is("MatMul"));

        Recognition found = Recognition.of(ConstantFolding.fold(EinsumAsMatMul.rewrite(spelled)));
        Recognition before = Recognition.of(graph);
        assertThat(found.layers())
                .extracting(LinearLayer::role)
                .containsExactlyElementsOf(
                        before.layers().stream().map(LinearLayer::role).toList());
        assertThat(found.attentions()).hasSameSizeAs(before.attentions());
        assertThat(found.unrecognised()).isEmpty();
    }

    /** Replaces every MatMul by the Einsum that computes the same. */
    private static Graph withEinsums(Graph graph) {
        Shapes shapes = Shapes.infer(graph);
        return graph.withNodes(graph.nodes().stream()
                .map(node -> node.is("MatMul") ? einsum(node, shapes) : node)
                .toList());
    }

    private static Node einsum(Node product, Shapes shapes) {
        int left = shapes.of(product.input(0)).orElseThrow().size();
        int right = shapes.of(product.input(1)).orElseThrow().size();
        String axes = "abcdefgh";
        String batch = axes.substring(0, left - 2);
        String shared = right == 2 ? "" : batch.substring(left - right);
        String equation = batch + "xy," + shared + "yz->" + batch + "xz";
        return Node.of("Einsum", product.inputs(), product.outputs(), Map.of("equation", Attribute.of(equation)));
    }

    private static Graph graph(String equation) {
        String[] terms = equation.replace(" ", "").split("->", -1)[0].split(",", -1);
        List<ValueInfo> inputs = new ArrayList<>();
        for (int i = 0; i < terms.length; i++) {
            List<Dim> dims = terms[i].replace(".", "")
                    .chars()
                    .mapToObj(index -> index == 'b' ? new Dim.Symbol("batch") : Dim.of(EXTENTS.get((char) index)))
                    .toList();
            inputs.add(ValueInfo.of("x" + i, DataType.FLOAT, dims));
        }
        Node einsum = Node.of(
                "Einsum",
                inputs.stream().map(ValueInfo::name).toList(),
                List.of("y"),
                Map.of("equation", Attribute.of(equation)));
        return new Graph(
                "einsum",
                inputs,
                List.of(ValueInfo.named("y")),
                List.of(einsum),
                Map.of(),
                Map.of(),
                Map.of("", 17),
                Map.of(),
                UninterpretedProto.NONE);
    }

    private static void assertSame(Graph actual, Graph expected) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        Random random = new Random(1);
        for (ValueInfo input : expected.inputs()) {
            int[] shape = input.shape().orElseThrow().stream()
                    .mapToInt(dim -> dim instanceof Dim.Known(long extent) ? (int) extent : EXTENTS.get('b'))
                    .toArray();
            float[] values = new float[(int) Tensor.size(shape)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            inputs.put(input.name(), Tensor.of(shape, values));
        }
        Tensor mine = run(actual, inputs);
        Tensor theirs = run(expected, inputs);
        assertThat(mine.shape()).isEqualTo(theirs.shape());
        assertThat(mine.values()).containsExactly(theirs.values(), within(1e-5f));
    }

    private static Tensor run(Graph graph, Map<String, Tensor> inputs) {
        try (Engine engine = TestEngines.open(graph)) {
            return engine.run(inputs).get("y");
        }
    }
}
