package org.vitrail.export;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vitrail.block.LinearLayer;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.plan.LinearPlan;
import org.vitrail.plan.Plan;
import org.vitrail.plan.ProductPlan;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.HeadQuantizers;
import org.vitrail.quantizer.LayerInputQuantizer;
import org.vitrail.shape.Shapes;

/**
 * Inserts the quantizers of a {@link Plan} into a graph. A linear layer y = x·W + b becomes
 *
 * <pre>
 *   x → QuantizeLinear → DequantizeLinear → MatMul → Add b′ → y
 *                 W codes → DequantizeLinear ↗
 * </pre>
 *
 * <p>Inputs and weights are quantized, outputs stay float, which ONNX Runtime runs as one integer product with a float
 * result. Massive channels are computed beside it: Gather → their quantizer → MatMul with their float rows of W → Add.
 */
final class Exporter {
    /** Lower bound of a row's maximum: far below the largest probability of any float32 softmax row. */
    private static final float MIN_ROW_MAXIMUM = 1e-20f;

    private final TargetForm form;
    private final GraphIndex index;
    private final Shapes shapes;
    private final GraphEditor editor;
    private final Map<List<Object>, String> quantized = new HashMap<>();

    private Exporter(Graph graph, TargetForm form) {
        this.form = form;
        this.index = new GraphIndex(graph);
        this.shapes = Shapes.infer(graph);
        this.editor = new GraphEditor(graph);
    }

    /**
     * Returns the quantized graph.
     *
     * @param layers the linear layers of the graph; those that the plan does not name stay float
     * @throws IllegalArgumentException when the plan names a layer or product that is not in the graph
     */
    static Graph export(Graph graph, List<LinearLayer> layers, Plan plan, TargetForm form) {
        Graph ready = form.upgraded(graph, plan);
        Map<String, LinearLayer> byOutput = new LinkedHashMap<>();
        layers.forEach(layer -> byOutput.put(layer.output(), layer));
        Exporter exporter = new Exporter(ready, form);
        for (LinearPlan layer : plan.layers()) {
            if (!byOutput.containsKey(layer.layer())) {
                throw new IllegalArgumentException(
                        "the plan names a layer that the model does not have: " + layer.layer());
            }
            exporter.linear(byOutput.get(layer.layer()), layer);
        }
        plan.products().forEach(exporter::product);
        return byType(exporter.editor.build());
    }

    /**
     * Returns the graph with weights of one element type together, else in their order. Compressors model byte
     * frequencies from the preceding bytes: with codes among floats, files are up to 3 % larger.
     */
    private static Graph byType(Graph graph) {
        Map<String, Weight> ordered = new LinkedHashMap<>();
        graph.weights().entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getValue().type()))
                .forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
        return graph.withWeights(ordered);
    }

    private void linear(LinearLayer layer, LinearPlan plan) {
        String product = editor.fresh(layer.output() + "_product");
        String input = quantized(layer.input(), plan.input().main());
        editor.put(Node.of("MatMul", List.of(input, form.weight(editor, plan.weight(), layer.weight())), product));
        if (plan.input().massive().isPresent()) {
            product = massive(layer, plan.input().massive().get(), product);
        }
        bias(layer, plan.biasCorrection(), product);
    }

    /** Adds the products of massive channels, which keep float weights. */
    private String massive(LinearLayer layer, LayerInputQuantizer.Massive massive, String product) {
        float[] matrix = layer.matrix(index.graph());
        int outputs = layer.outFeatures();
        int count = massive.channels().size();
        long[] channels = new long[count];
        float[] rows = new float[count * outputs];
        for (int i = 0; i < count; i++) {
            channels[i] = massive.channels().get(i);
            System.arraycopy(matrix, (int) channels[i] * outputs, rows, i * outputs, outputs);
        }
        String name = layer.output() + "_massive";
        String gathered = editor.add(
                "Gather",
                List.of(layer.input(), editor.add(name + "_channels", Weight.ofLongs(new int[] {count}, channels))),
                name,
                Map.of("axis", Attribute.of(-1)));
        String weights = editor.add(name + "_weight", Weight.ofFloats(new int[] {count, outputs}, rows));
        String apart =
                editor.add("MatMul", List.of(quantized(gathered, massive.quantizer()), weights), name + "_product");
        return editor.add("Add", List.of(product, apart), layer.output() + "_whole");
    }

    /** Gives the layer's output its original name, with b′ = b − correction added where either exists. */
    private void bias(LinearLayer layer, float[] correction, String product) {
        boolean own = layer.bias().isPresent() && layer.result().equals(layer.output());
        boolean corrected = correction.length > 0;
        boolean subtracted = form.subtractsBias(layer, shapes);
        if (!own && !corrected && (layer.bias().isEmpty() || !subtracted)) {
            rename(product, layer.output());
            return;
        }
        float[] stored = layer.bias()
                .map(name -> index.constant(name).orElseThrow().toFloats())
                .orElse(new float[1]);
        float[] bias = new float[layer.outFeatures()];
        for (int n = 0; n < bias.length; n++) {
            bias[n] = stored[stored.length == 1 ? 0 : n] - (corrected ? correction[n] : 0);
            bias[n] = subtracted ? -bias[n] : bias[n];
        }
        String name = editor.add(
                layer.bias().orElse(layer.output() + "_bias") + (corrected ? "_corrected" : "_added"),
                Weight.ofFloats(new int[] {bias.length}, bias));
        String op = subtracted ? "Sub" : "Add";
        if (own || layer.bias().isEmpty()) {
            editor.put(Node.of(op, List.of(product, name), layer.output()));
            return;
        }
        rename(product, layer.output());
        Node add = index.producer(layer.result()).orElseThrow();
        String data = add.input(index.constant(add.input(0)).isPresent() ? 1 : 0);
        editor.put(new Node(add.name(), "", op, List.of(data, name), add.outputs(), Map.of(), add.rest()));
    }

    private void rename(String product, String output) {
        Node node = editor.node(product);
        editor.remove(node);
        editor.put(Node.of(node.op(), node.inputs(), List.of(output), node.attributes()));
    }

    private void product(ProductPlan plan) {
        Node node = editor.node(plan.product());
        if (plan.probabilities()) {
            probabilities(node, plan);
            return;
        }
        editor.put(node.withInputs(
                List.of(quantized(node.input(0), plan.left()), quantized(node.input(1), plan.right()))));
    }

    /**
     * Writes P·V with U = P / max P (row by row) quantized in place of P: (Û·V̂) / ΣÛ. A row of even attention then has
     * as many steps as a peaked one, and no row loses mass to small probabilities that round to zero. Rows of P sum to
     * one, or are zero where a guard made them so; dividing by at least {@link #MIN_ROW_MAXIMUM} keeps those zero.
     */
    private void probabilities(Node node, ProductPlan plan) {
        String p = node.input(0);
        String name = node.output();
        String tiny = editor.add(name + "_tiny", Weight.scalar(MIN_ROW_MAXIMUM));
        String lastAxis = editor.add(name + "_last_axis", Weight.ofLongs(new int[] {1}, -1));
        // The axes of ReduceMax are an attribute before opset 18, and an input from opset 18 on.
        String largest = index.graph().opset() < 18
                ? editor.add("ReduceMax", List.of(p), name + "_largest", Map.of("axes", Attribute.ints(-1L)))
                : editor.add("ReduceMax", List.of(p, lastAxis), name + "_largest");
        String divisor = editor.add("Max", List.of(largest, tiny), name + "_divisor");
        String scaled = editor.add("Div", List.of(p, divisor), name + "_row_scaled");
        String codes = quantized(scaled, plan.left());
        String product =
                editor.add("MatMul", List.of(codes, quantized(node.input(1), plan.right())), name + "_product");
        String mass = editor.add("ReduceSum", List.of(codes, lastAxis), name + "_mass");
        String positive = editor.add("Max", List.of(mass, tiny), name + "_positive_mass");
        editor.put(Node.of("Div", List.of(product, positive), name));
    }

    /** Returns the fake-quantized form of a value; readers with the same quantizer share it. */
    private String quantized(String value, HeadQuantizers quantizers) {
        return quantized.computeIfAbsent(
                List.of(value, quantizers), key -> form.fakeQuantized(editor, value, quantizers));
    }

    private String quantized(String value, AffineQuantizer quantizer) {
        return quantized(value, HeadQuantizers.shared(quantizer));
    }
}
