package org.vitrail.canonical;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.shape.Shapes;

/** Writes standard operators in place of fused ones; equal constants are stored once. */
final class DecompositionBuilder {
    private final GraphEditor editor;
    private final Shapes shapes;
    private final Map<Float, String> numbers = new HashMap<>();

    DecompositionBuilder(GraphEditor editor, Shapes shapes) {
        this.editor = editor;
        this.shapes = shapes;
    }

    String add(String op, List<String> inputs, String wanted) {
        return editor.add(op, inputs, wanted);
    }

    String add(String op, List<String> inputs, String wanted, Map<String, Attribute> attributes) {
        return editor.add(op, inputs, wanted, attributes);
    }

    /** Adds the node that computes {@code output}. */
    void put(String op, List<String> inputs, String output, Map<String, Attribute> attributes) {
        editor.put(Node.of(op, inputs, List.of(output), attributes));
    }

    void put(Node node) {
        editor.put(node);
    }

    String fresh(String wanted) {
        return editor.fresh(wanted);
    }

    String number(double value) {
        return numbers.computeIfAbsent((float) value, key -> editor.add("number", Weight.scalar(key)));
    }

    String longs(long... values) {
        return editor.add("shape", Weight.ofLongs(new int[] {values.length}, values));
    }

    String constant(String wanted, Weight weight) {
        return editor.add(wanted, weight);
    }

    Optional<List<Dim>> shape(String value) {
        return shapes.of(value);
    }

    Optional<DataType> type(String value) {
        return shapes.type(value);
    }

    Optional<Weight> constant(String value) {
        return shapes.constant(value);
    }

    /** Returns the sum of those of a node's optional inputs that are present. */
    String sum(Node node, int... inputs) {
        String sum = node.input(inputs[0]);
        for (int i = 1; i < inputs.length; i++) {
            if (node.hasInput(inputs[i])) {
                sum = add("Add", List.of(sum, node.input(inputs[i])), node.output() + "_sum");
            }
        }
        return sum;
    }

    /**
     * Returns the operand of a product: with its first axis moved to the front of the matrix axes where {@code
     * fromFront}, then with the matrices transposed where {@code turned}. Empty where that needs the value's rank and
     * it is not known.
     */
    Optional<String> turned(String value, boolean turned, boolean fromFront) {
        if (!turned && !fromFront) {
            return Optional.of(value);
        }
        return shape(value).filter(shape -> shape.size() >= 2).map(shape -> {
            List<Long> order =
                    new ArrayList<>(LongStream.range(0, shape.size()).boxed().toList());
            if (fromFront) {
                order.add(shape.size() - 2, order.removeFirst());
            }
            if (turned) {
                order.add(shape.size() - 2, order.removeLast());
            }
            return add("Transpose", List.of(value), value + "_turned", Map.of("perm", new Attribute.Ints(order)));
        });
    }

    /** x/2 · (1 + erf(x/√2)) */
    boolean gelu(String x, String output) {
        String scaled = add("Mul", List.of(x, number(Math.sqrt(0.5))), output + "_scaled");
        gated(x, add("Erf", List.of(scaled), output + "_erf"), output);
        return true;
    }

    /** x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³))) */
    boolean geluTanh(String x, String output) {
        String square = add("Mul", List.of(x, x), output + "_square");
        String cube = add("Mul", List.of(square, x), output + "_cube");
        String bent = add("Mul", List.of(cube, number(0.044715)), output + "_bent");
        String inner = add("Add", List.of(x, bent), output + "_inner");
        String scaled = add("Mul", List.of(inner, number(Math.sqrt(2 / Math.PI))), output + "_scaled");
        gated(x, add("Tanh", List.of(scaled), output + "_tanh"), output);
        return true;
    }

    /** x/2 · (1 + gate) */
    private void gated(String x, String gate, String output) {
        String open = add("Add", List.of(gate, number(1)), output + "_open");
        String product = add("Mul", List.of(x, open), output + "_gated");
        put("Mul", List.of(product, number(0.5)), output, Map.of());
    }

    /** x · sigmoid(α·x) */
    boolean quickGelu(String x, float alpha, String output) {
        String scaled = alpha == 1 ? x : add("Mul", List.of(x, number(alpha)), output + "_scaled");
        put("Mul", List.of(x, add("Sigmoid", List.of(scaled), output + "_gate")), output, Map.of());
        return true;
    }

    /**
     * Applies the activation named by the node's attribute {@code activation} to {@code value}. Its parameters are in
     * the list {@code activation_params}, or in one attribute each.
     */
    boolean activation(Node node, String value, String... parameters) {
        Attribute list = node.attributes().get("activation_params");
        List<Float> given = list instanceof Attribute.Floats(List<Float> values)
                ? values
                : List.of(parameters).stream()
                        .filter(node.attributes()::containsKey)
                        .map(name -> node.floatAttribute(name, 0))
                        .toList();
        String op = node.stringAttribute("activation", "");
        Map<String, Attribute> attributes = new HashMap<>();
        switch (op) {
            case "Relu", "Tanh", "Sigmoid" -> {}
            case "LeakyRelu" -> attributes.put("alpha", Attribute.of(given.isEmpty() ? 0.01f : given.get(0)));
            case "HardSigmoid" -> {
                attributes.put("alpha", Attribute.of(given.isEmpty() ? 0.2f : given.get(0)));
                attributes.put("beta", Attribute.of(given.size() < 2 ? 0.5f : given.get(1)));
            }
            case "Clip" -> {
                if (given.size() != 2) {
                    return false;
                }
                List<String> bounds = List.of(value, number(given.get(0)), number(given.get(1)));
                put(op, bounds, node.output(), Map.of());
                return true;
            }
            default -> {
                return false;
            }
        }
        put(op, List.of(value), node.output(), attributes);
        return true;
    }
}
