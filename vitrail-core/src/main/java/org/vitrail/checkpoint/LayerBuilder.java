package org.vitrail.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.Node;
import org.vitrail.graph.ScratchFile;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;

/** Adds layers to a graph, named after their parameters; each method returns the name of the layer's output. */
final class LayerBuilder {
    static final String INPUT = "pixel_values";
    private static final int OPSET = 20;

    private final GraphEditor graph;
    private final Map<String, List<Integer>> shapes;
    private final ParameterSource parameters;
    private final float epsilon;

    /** Starts from a graph; {@code epsilon} is the value that LayerNorm adds to the variance. */
    LayerBuilder(Graph start, Map<String, List<Integer>> shapes, ParameterSource parameters, double epsilon) {
        this.graph = new GraphEditor(start);
        this.shapes = shapes;
        this.parameters = parameters;
        this.epsilon = (float) epsilon;
    }

    /** Returns a graph of an input (batch, channels, side, side) and an output (batch, {@code outputs}). */
    static Graph start(String name, VisionTransformerConfig.Patches patches, String output, int outputs) {
        Dim batch = new Dim.Symbol("batch");
        Dim side = Dim.of(patches.imageSize());
        Dim channels = Dim.of(patches.channels());
        return new Graph(
                name,
                List.of(ValueInfo.of(INPUT, DataType.FLOAT, List.of(batch, channels, side, side))),
                List.of(ValueInfo.of(output, DataType.FLOAT, List.of(batch, Dim.of(outputs)))),
                List.of(),
                Map.of(),
                Map.of(),
                Map.of("", OPSET),
                Map.of(),
                UninterpretedProto.NONE);
    }

    Graph build() {
        return graph.build();
    }

    String op(String op, List<String> inputs, String name, Map<String, Attribute> attributes) {
        return graph.add(op, inputs, name, attributes);
    }

    String op(String op, List<String> inputs, String name) {
        return graph.add(op, inputs, name);
    }

    /** Splits the last axis into parts of the given sizes ({@code sizes} names a constant). */
    List<String> split(String value, String sizes, List<String> names) {
        graph.put(Node.of("Split", List.of(value, sizes), names, Map.of("axis", Attribute.of(-1))));
        return names;
    }

    /** Adds the linear layer {@code name}, with its bias if the model has one. */
    String linear(String name, String value) {
        return linear(name, value, name);
    }

    String linear(String name, String value, String output) {
        boolean biased = shapes.containsKey(name + ".bias");
        List<String> factors = List.of(value, transposed(name + ".weight"));
        String product = graph.add("MatMul", factors, biased ? name + ".product" : output);
        return biased ? add(product, parameter(name + ".bias"), output) : product;
    }

    /**
     * Adds a linear layer of some rows of the weight {@code name} [out, in] and of its bias.
     *
     * @param from the first output channel
     * @param to the channel behind the last
     */
    String linear(String name, String value, int from, int to, String output) {
        List<Integer> shape = shapes.get(name + ".weight");
        int in = shape.get(1);
        float[] rows = Arrays.copyOfRange(parameters.values(name + ".weight", shape), from * in, to * in);
        float[] bias = Arrays.copyOfRange(parameters.values(name + ".bias", shapes.get(name + ".bias")), from, to);
        String weight = transposed(output + ".weight", rows, to - from, in);
        String product = graph.add("MatMul", List.of(value, weight), output + ".product");
        return add(product, constant(output + ".bias", new int[] {to - from}, bias), output);
    }

    String norm(String name, String value) {
        return norm(name, value, epsilon);
    }

    String norm(String name, String value, float ownEpsilon) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("axis", Attribute.of(-1));
        attributes.put("epsilon", Attribute.of(ownEpsilon));
        List<String> inputs = List.of(value, parameter(name + ".weight"), parameter(name + ".bias"));
        return graph.add("LayerNormalization", inputs, name, attributes);
    }

    String reshape(String value, String name, long... shape) {
        return graph.add("Reshape", List.of(value, integers(name + ".shape", shape)), name);
    }

    /** Adds the part of an axis from {@code from} to before {@code to}. */
    String slice(String value, String name, int axis, int from, int to) {
        List<String> inputs = List.of(
                value, integers(name + ".from", from), integers(name + ".to", to), integers(name + ".axis", axis));
        return graph.add("Slice", inputs, name);
    }

    /** Adds the projection of patches, a convolution: image to (batch, width, patches). */
    String patches(VisionTransformerConfig.Patches patches, int width, boolean biased) {
        String name = "patch_embed.proj";
        List<String> inputs = new ArrayList<>(List.of(INPUT, parameter(name + ".weight")));
        if (biased) {
            inputs.add(parameter(name + ".bias"));
        }
        long size = patches.patchSize();
        Map<String, Attribute> window = new LinkedHashMap<>();
        window.put("kernel_shape", Attribute.ints(size, size));
        window.put("strides", Attribute.ints(size, size));
        String grid = graph.add("Conv", inputs, name, window);
        String shape = integers("patch_embed.shape", 0, width, patches.count());
        return graph.add("Reshape", List.of(grid, shape), "patch_embed.flat");
    }

    String add(String left, String right, String name) {
        return graph.add("Add", List.of(left, right), name);
    }

    String concat(int axis, List<String> values, String name) {
        return graph.add("Concat", values, name, Map.of("axis", Attribute.of(axis)));
    }

    String transpose(String value, String name, long... order) {
        return graph.add("Transpose", List.of(value), name, permutation(order));
    }

    private static Map<String, Attribute> permutation(long... order) {
        return Map.of("perm", new Attribute.Ints(Arrays.stream(order).boxed().toList()));
    }

    /** Adds a constant vector of integers: a shape, axes, indices. */
    String integers(String name, long... values) {
        return graph.add(name, Weight.ofLongs(new int[] {values.length}, values));
    }

    String scalar(String name, double value) {
        return graph.add(name, Weight.scalar((float) value));
    }

    /** Adds a single integer, without axes. */
    String index(String name, long value) {
        return graph.add(name, Weight.ofLongs(new int[0], value));
    }

    /** Adds a parameter in its own shape. */
    String parameter(String name) {
        List<Integer> shape = shapes.get(name);
        return constant(name, shape.stream().mapToInt(Integer::intValue).toArray(), values(name));
    }

    String constant(String name, int[] shape, float... values) {
        return graph.add(name, ScratchFile.kept(Weight.ofFloats(shape, values)));
    }

    /** The values of a parameter, for a constant that is made of them. */
    float[] values(String name) {
        return parameters.values(name, shapes.get(name));
    }

    /** Adds the weight of a linear layer, transposed from [out, in] to [in, out]. */
    private String transposed(String name) {
        List<Integer> shape = shapes.get(name);
        return transposed(name, values(name), shape.get(0), shape.get(1));
    }

    private String transposed(String name, float[] values, int out, int in) {
        ByteBuffer turned =
                ByteBuffer.allocate(Math.multiplyExact(4, values.length)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < in; i++) {
            for (int o = 0; o < out; o++) {
                turned.putFloat(values[o * in + i]);
            }
        }
        return graph.add(name, ScratchFile.kept(Weight.of(DataType.FLOAT, new int[] {in, out}, turned.flip())));
    }
}
