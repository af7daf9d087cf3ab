package org.vitrail.block;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.Tensor;

/** Builds small runnable vision transformers of any kind, node by node, with random weights. */
public final class SyntheticTransformer {
    static final int WIDTH = 24;
    static final int HEADS = 3;
    static final int HEAD_SIZE = 8;
    static final int TOKENS = 16;

    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Weight> weights = new LinkedHashMap<>();
    private final Random random = new Random(4);

    /**
     * One step of a block on queries, keys and values (batch, head, token, channel) or on the tokens they come from.
     */
    interface Part {
        String apply(SyntheticTransformer sketch, String value);
    }

    String op(String op, Map<String, Attribute> attributes, String... inputs) {
        String output = "n" + nodes.size();
        nodes.add(Node.of(op, List.of(inputs), List.of(output), attributes));
        return output;
    }

    String op(String op, String... inputs) {
        return op(op, Map.of(), inputs);
    }

    String constant(Weight weight) {
        String name = "w" + weights.size();
        weights.put(name, weight);
        return name;
    }

    String scalar(double value) {
        return constant(Weight.scalar((float) value));
    }

    String ints(long... values) {
        return constant(Weight.ofLongs(new int[] {values.length}, values));
    }

    String random(double size, int... shape) {
        float[] values = new float[(int) Tensor.size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * size);
        }
        return constant(Weight.ofFloats(shape, values));
    }

    String linear(String x, int in, int out) {
        return op("Add", op("MatMul", x, random(1 / Math.sqrt(in), in, out)), random(0.1, out));
    }

    String norm(String x, int width) {
        return op("LayerNormalization", x, random(1, width), random(0.1, width));
    }

    String transpose(String x, Long... order) {
        return op("Transpose", Map.of("perm", Attribute.ints(order)), x);
    }

    String slice(String x, int axis, int from, int to) {
        return op("Slice", x, ints(from), ints(to), ints(axis));
    }

    String concat(int axis, String... parts) {
        return op("Concat", Map.of("axis", Attribute.of(axis)), parts);
    }

    String softmax(String x) {
        return op("Softmax", Map.of("axis", Attribute.of(-1L)), x);
    }

    /** (batch, token, channel) to (batch, head, token, channel) */
    String heads(String x) {
        return transpose(op("Reshape", x, ints(0, -1, HEADS, HEAD_SIZE)), 0L, 2L, 1L, 3L);
    }

    String conv(String x, int in, int out, int kernel) {
        return op(
                "Conv",
                Map.of("strides", Attribute.ints((long) kernel, (long) kernel)),
                x,
                random(0.1, out, in, kernel, kernel),
                random(0.1, out));
    }

    String gelu(String x) {
        return op("Gelu", x);
    }

    /** Returns a pre-norm vision transformer of two blocks for images of 32×32 pixels, with ten classes. */
    Graph transformer(Part reduceKeys, Part queryAndKey, Part scores, Part activation) {
        String x = conv("pixels", 3, WIDTH, 8);
        x = transpose(op("Reshape", x, ints(0, WIDTH, -1)), 0L, 2L, 1L);
        x = op("Add", x, random(0.5, 1, TOKENS, WIDTH));
        for (int block = 0; block < 2; block++) {
            String normed = norm(x, WIDTH);
            String reduced = reduceKeys.apply(this, normed);
            String query = queryAndKey.apply(this, heads(linear(normed, WIDTH, WIDTH)));
            String key = queryAndKey.apply(this, heads(linear(reduced, WIDTH, WIDTH)));
            String value = heads(linear(reduced, WIDTH, WIDTH));
            String product = op("MatMul", query, transpose(key, 0L, 1L, 3L, 2L));
            String mixed = op("MatMul", softmax(scores.apply(this, product)), value);
            String joined = op("Reshape", transpose(mixed, 0L, 2L, 1L, 3L), ints(0, -1, WIDTH));
            x = op("Add", x, linear(joined, WIDTH, WIDTH));
            String hidden = activation.apply(this, linear(norm(x, WIDTH), WIDTH, 2 * WIDTH));
            x = op("Add", x, linear(hidden, 2 * WIDTH, WIDTH));
        }
        String pooled = op("ReduceMean", Map.of("keepdims", Attribute.of(0L)), norm(x, WIDTH), ints(1));
        return graph(op("Gemm", pooled, random(0.2, WIDTH, 10), random(0.1, 10)));
    }

    Graph graph(String output) {
        return new Graph(
                "sketch",
                List.of(ValueInfo.of(
                        "pixels", DataType.FLOAT, List.of(new Dim.Symbol("batch"), Dim.of(3), Dim.of(32), Dim.of(32)))),
                List.of(ValueInfo.of(output, DataType.FLOAT, List.of(new Dim.Symbol("batch"), Dim.of(10)))),
                nodes,
                weights,
                Map.of(),
                Map.of("", 20),
                Map.of(),
                UninterpretedProto.NONE);
    }

    static String scaled(SyntheticTransformer sketch, String scores) {
        return sketch.op("Mul", scores, sketch.scalar(1 / Math.sqrt(HEAD_SIZE)));
    }

    static String untouched(SyntheticTransformer sketch, String value) {
        return value;
    }

    public static Graph plain() {
        return new SyntheticTransformer()
                .transformer(
                        SyntheticTransformer::untouched,
                        SyntheticTransformer::untouched,
                        SyntheticTransformer::scaled,
                        SyntheticTransformer::gelu);
    }

    /** Rotary positions: halves of each query and key are rotated by an angle that grows with the token's position. */
    public static Graph rotary() {
        return new SyntheticTransformer()
                .transformer(
                        SyntheticTransformer::untouched,
                        SyntheticTransformer::rotated,
                        SyntheticTransformer::scaled,
                        SyntheticTransformer::gelu);
    }

    private static String rotated(SyntheticTransformer sketch, String x) {
        String first = sketch.slice(x, 3, 0, HEAD_SIZE / 2);
        String second = sketch.slice(x, 3, HEAD_SIZE / 2, HEAD_SIZE);
        String turned = sketch.concat(3, sketch.op("Neg", second), first);
        return sketch.op(
                "Add",
                sketch.op("Mul", x, sketch.random(0.7, TOKENS, HEAD_SIZE)),
                sketch.op("Mul", turned, sketch.random(0.7, TOKENS, HEAD_SIZE)));
    }

    /** Cosine attention: queries and keys of length 1, scores times a learned temperature per head. */
    public static Graph cosine() {
        return new SyntheticTransformer()
                .transformer(
                        SyntheticTransformer::untouched,
                        (sketch, x) -> sketch.op("Div", x, sketch.op("ReduceL2", x, sketch.ints(-1))),
                        (sketch, scores) -> sketch.op("Mul", scores, sketch.random(5, HEADS, 1, 1)),
                        SyntheticTransformer::gelu);
    }

    /** Keys and values from tokens that a strided convolution has reduced to a quarter. */
    public static Graph reducedKeys() {
        return new SyntheticTransformer()
                .transformer(
                        SyntheticTransformer::reduced,
                        SyntheticTransformer::untouched,
                        SyntheticTransformer::scaled,
                        SyntheticTransformer::gelu);
    }

    private static String reduced(SyntheticTransformer sketch, String tokens) {
        String map = sketch.op("Reshape", sketch.transpose(tokens, 0L, 2L, 1L), sketch.ints(0, WIDTH, 4, 4));
        String small = sketch.op("Reshape", sketch.conv(map, WIDTH, WIDTH, 2), sketch.ints(0, WIDTH, -1));
        return sketch.norm(sketch.transpose(small, 0L, 2L, 1L), WIDTH);
    }
}
