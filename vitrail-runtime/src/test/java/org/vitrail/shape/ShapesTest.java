package org.vitrail.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;

class ShapesTest {
    private static final Dim BATCH = new Dim.Symbol("batch");
    private static final ValueInfo TOKENS = ValueInfo.of("x", DataType.FLOAT, List.of(BATCH, Dim.of(197), Dim.of(192)));

    private final Map<String, Weight> weights = new LinkedHashMap<>();

    @Test
    void followsTheBatchThroughAShapeComputationIntoAReshape() {
        Shapes shapes = infer(
                List.of(TOKENS),
                node("Shape", "shape", "x"),
                node("Gather", "batch", "shape", weight(Weight.ofLongs(new int[0], 0))),
                node("Unsqueeze", "batches", "batch", longs(0)),
                node("Concat", "target", Map.of("axis", Attribute.of(0)), "batches", longs(-1, 3, 64)),
                node("Reshape", "y", "x", "target"));

        assertThat(shapes.of("y")).contains(List.of(BATCH, Dim.of(197), Dim.of(3), Dim.of(64)));
        assertThat(shapes.type("y")).contains(DataType.FLOAT);
        assertThat(shapes.constant("target")).isEmpty();
        assertThat(shapes.vector("target"))
                .contains(List.of(
                        new ScaledSymbol(1, "batch"),
                        new ScaledSymbol(-1, ""),
                        new ScaledSymbol(3, ""),
                        new ScaledSymbol(64, "")));
    }

    @Test
    void namesTheMultipleWhenHeadsJoinTheBatch() {
        Shapes shapes = infer(
                List.of(TOKENS),
                node("Shape", "shape", "x"),
                node("Slice", "batches", "shape", longs(0), longs(1)),
                node("Mul", "rows", "batches", longs(3)),
                node("Concat", "target", Map.of("axis", Attribute.of(0)), "rows", longs(197), longs(64)),
                node("Reshape", "y", "x", "target"),
                node("Div", "again", "rows", longs(3)),
                node("Concat", "back", Map.of("axis", Attribute.of(0)), "again", longs(197), longs(-1)),
                node("Reshape", "z", "y", "back"));

        assertThat(shapes.of("y")).contains(List.of(new Dim.Symbol("3*batch"), Dim.of(197), Dim.of(64)));
        assertThat(shapes.of("z")).contains(List.of(BATCH, Dim.of(197), Dim.of(192)));
    }

    @Test
    void knowsTheRankWhereAnExtentIsNoMultipleOfASymbol() {
        Shapes shapes =
                infer(List.of(TOKENS), node("Concat", "y", Map.of("axis", Attribute.of(0)), "x", floats(1, 197, 192)));

        assertThat(shapes.of("y")).contains(List.of(Dim.unknown(), Dim.of(197), Dim.of(192)));
    }

    @Test
    void findsConstantsThatDoNotDependOnTheBatch() {
        Shapes shapes = infer(
                List.of(TOKENS),
                node("Shape", "shape", "x"),
                node("Gather", "width", "shape", longs(-1)),
                node("Cast", "float", Map.of("to", Attribute.of(DataType.FLOAT.onnx())), "width"),
                node("Sqrt", "root", "float"),
                node("Equal", "negative", "shape", longs(-1)));

        assertThat(shapes.constant("root")).contains(Weight.ofFloats(new int[] {1}, (float) Math.sqrt(192)));
        assertThat(shapes.constant("negative"))
                .contains(Weight.ofBytes(DataType.BOOL, new int[] {3}, (byte) 0, (byte) 0, (byte) 0));
        assertThat(shapes.constant("shape")).isEmpty();
    }

    @Test
    void triesImageSizesForSymbolsOnOtherAxes() {
        Shapes shapes = infer(
                List.of(ValueInfo.of(
                        "x",
                        DataType.FLOAT,
                        List.of(BATCH, Dim.of(3), new Dim.Symbol("height"), new Dim.Symbol("width")))),
                node("Conv", "y", Map.of("strides", Attribute.ints(16L, 16L)), "x", floats(8, 3, 16, 16)),
                node("Concat", "z", Map.of("axis", Attribute.of(1)), "x", "x"));

        assertThat(shapes.of("y")).contains(List.of(BATCH, Dim.of(8), Dim.unknown(), Dim.unknown()));
        assertThat(shapes.of("z"))
                .contains(List.of(BATCH, Dim.of(6), new Dim.Symbol("height"), new Dim.Symbol("width")));
    }

    @Test
    void asksTheFileOnlyWhereNoRuleTells() {
        Node unknown =
                new Node("", "com.example", "Mystery", List.of("x"), List.of("y"), Map.of(), UninterpretedProto.NONE);
        Graph graph = graph(List.of(TOKENS), unknown, node("Relu", "z", "y"), node("Relu", "w", "x"));
        ValueInfo said = ValueInfo.of("y", DataType.FLOAT, List.of(BATCH, new Dim.Symbol("patches")));
        ValueInfo wrong = ValueInfo.of("w", DataType.FLOAT, List.of(Dim.of(5)));
        Shapes shapes = Shapes.infer(new Graph(
                graph.name(),
                graph.inputs(),
                graph.outputs(),
                graph.nodes(),
                graph.weights(),
                Map.of("y", said, "w", wrong),
                graph.opsets(),
                graph.metadata(),
                graph.rest()));

        assertThat(shapes.of("z")).isEqualTo(said.shape());
        assertThat(shapes.of("w")).isEqualTo(TOKENS.shape());
        assertThat(Shapes.infer(graph).of("z")).isEmpty();
    }

    @Test
    void leavesOutputsUnknownWhereOperandsDoNotFit() {
        assertThat(infer(List.of(TOKENS), node("MatMul", "y", "x", floats(5, 5)))
                        .of("y"))
                .isEmpty();
    }

    @Test
    void slicesBackwardsAndClampsAsOnnxDoes() {
        String vector = longs(10, 11, 12, 13);
        Shapes shapes = infer(
                List.of(),
                node("Slice", "reversed", vector, longs(Long.MAX_VALUE), longs(Long.MIN_VALUE), longs(0), longs(-1)),
                node("Slice", "odd", vector, longs(1), longs(100), longs(-1), longs(2)),
                node("Slice", "none", vector, longs(3), longs(1)));

        assertThat(shapes.constant("reversed")).contains(Weight.ofLongs(new int[] {4}, 13, 12, 11, 10));
        assertThat(shapes.constant("odd")).contains(Weight.ofLongs(new int[] {2}, 11, 13));
        assertThat(shapes.constant("none")).contains(Weight.ofLongs(new int[] {0}));
    }

    private Shapes infer(List<ValueInfo> inputs, Node... nodes) {
        return Shapes.infer(graph(inputs, nodes));
    }

    private Graph graph(List<ValueInfo> inputs, Node... nodes) {
        List<ValueInfo> outputs =
                Arrays.stream(nodes).map(node -> ValueInfo.named(node.output())).toList();
        return new Graph(
                "test",
                inputs,
                outputs,
                List.of(nodes),
                weights,
                Map.of(),
                Map.of("", 17),
                Map.of(),
                UninterpretedProto.NONE);
    }

    private static Node node(String op, String output, String... inputs) {
        return node(op, output, Map.of(), inputs);
    }

    private static Node node(String op, String output, Map<String, Attribute> attributes, String... inputs) {
        return Node.of(op, List.of(inputs), List.of(output), attributes);
    }

    private String longs(long... values) {
        return weight(Weight.ofLongs(new int[] {values.length}, values));
    }

    private String floats(int... shape) {
        return weight(Weight.ofFloats(shape, new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)]));
    }

    private String weight(Weight weight) {
        String name = "weight" + weights.size();
        weights.put(name, weight);
        return name;
    }
}
