package org.vitrail.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.vitrail.block.LinearLayer;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.linalg.LinearAlgebra;
import org.vitrail.plan.LinearPlan;
import org.vitrail.plan.Plan;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.LayerInputQuantizer;
import org.vitrail.quantizer.QuantizedWeight;
import org.vitrail.quantizer.RoundToNearest;
import org.vitrail.testing.Graphs;

/** A graph of one linear layer, or of three that share their input, with plans for it and their expected outputs. */
record SingleLayerGraph(Graph graph, List<LinearLayer> layers) {
    static final int ROWS = 17;
    static final int INPUTS = 31;
    static final int OUTPUTS = 13;

    /** A form in which exporters write y = x·W + b. */
    enum Form {
        MATMUL,
        MATMUL_ADD,
        ADD_BEFORE,
        GEMM,
        GEMM_TRANSPOSED,
        GEMM_WITHOUT_BIAS,
        THREE
    }

    static SingleLayerGraph of(Form form) {
        SplittableRandom random = new SplittableRandom(7);
        Map<String, Weight> weights = new LinkedHashMap<>();
        weights.put("w", Weight.ofFloats(new int[] {INPUTS, OUTPUTS}, gaussian(random, INPUTS * OUTPUTS)));
        weights.put("b", Weight.ofFloats(new int[] {OUTPUTS}, gaussian(random, OUTPUTS)));
        Map<String, Attribute> transposed = Map.of("transB", Attribute.of(1));
        return switch (form) {
            case MATMUL -> one(weights, 1, false, "y", Node.of("MatMul", List.of("x", "w"), "y"));
            case MATMUL_ADD ->
                one(
                        weights,
                        1,
                        true,
                        "y",
                        Node.of("MatMul", List.of("x", "w"), "product"),
                        Node.of("Add", List.of("product", "b"), "y"));
            case ADD_BEFORE ->
                one(
                        weights,
                        1,
                        true,
                        "y",
                        Node.of("MatMul", List.of("x", "w"), "product"),
                        Node.of("Add", List.of("b", "product"), "y"));
            case GEMM -> one(weights, 1, true, "y", Node.of("Gemm", List.of("x", "w", "b"), "y"));
            case GEMM_WITHOUT_BIAS -> one(weights, 1, false, "y", Node.of("Gemm", List.of("x", "w"), "y"));
            case GEMM_TRANSPOSED -> {
                weights.put("w", weights.get("w").reshape(OUTPUTS, INPUTS));
                yield one(weights, 0, true, "y", Node.of("Gemm", List.of("x", "w", "b"), List.of("y"), transposed));
            }
            case THREE -> three(weights, random);
        };
    }

    private static SingleLayerGraph one(
            Map<String, Weight> weights, int outputAxis, boolean bias, String result, Node... nodes) {
        Graph graph = Graphs.of(17, weights, nodes).withMetadata(Map.of("author", "somebody"));
        return new SingleLayerGraph(
                graph, List.of(layer(nodes[0], outputAxis, bias ? Optional.of("b") : Optional.empty(), result)));
    }

    private static SingleLayerGraph three(Map<String, Weight> weights, SplittableRandom random) {
        List<Node> nodes = new ArrayList<>();
        List<LinearLayer> layers = new ArrayList<>();
        for (String name : List.of("q", "k", "v")) {
            weights.put("w" + name, Weight.ofFloats(new int[] {INPUTS, OUTPUTS}, gaussian(random, INPUTS * OUTPUTS)));
            Node product = Node.of("MatMul", List.of("x", "w" + name), name);
            nodes.add(product);
            layers.add(layer(product, 1, Optional.empty(), name));
        }
        nodes.add(Node.of("Add", List.of("q", "k"), "sum"));
        nodes.add(Node.of("Sub", List.of("sum", "v"), "y"));
        return new SingleLayerGraph(Graphs.of(17, weights, nodes.toArray(Node[]::new)), layers);
    }

    private static LinearLayer layer(Node node, int outputAxis, Optional<String> bias, String result) {
        return new LinearLayer(
                node,
                0,
                node.input(1),
                outputAxis,
                INPUTS,
                OUTPUTS,
                bias,
                result,
                LinearLayer.Role.OTHER,
                OptionalInt.empty());
    }

    static float[] gaussian(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Returns inputs whose channels 3 and 20 are massive. */
    static float[] massiveInput(SplittableRandom random) {
        float[] x = gaussian(random, ROWS * INPUTS);
        for (int row = 0; row < ROWS; row++) {
            x[row * INPUTS + 3] *= 40;
            x[row * INPUTS + 20] = x[row * INPUTS + 20] * 40 + 30;
        }
        return x;
    }

    /** Returns a plan at these bits that clips a little of Gaussian inputs at both ends. */
    Plan plan(int weightBits, int activationBits, boolean perChannel, boolean massive, boolean corrected) {
        BitWidth bits = new BitWidth(weightBits);
        BitWidth inputBits = new BitWidth(activationBits);
        AffineQuantizer main = AffineQuantizer.ofRange(-2.4, 2.1, inputBits.unsigned());
        Optional<LayerInputQuantizer.Massive> apart = massive
                ? Optional.of(new LayerInputQuantizer.Massive(
                        List.of(3, 20), AffineQuantizer.ofRange(-90, 130, inputBits.unsigned())))
                : Optional.empty();
        List<LinearPlan> plans = new ArrayList<>();
        for (LinearLayer layer : layers) {
            float[] matrix = layer.matrix(graph);
            if (massive) {
                for (int n = 0; n < OUTPUTS; n++) {
                    matrix[3 * OUTPUTS + n] = 0;
                    matrix[20 * OUTPUTS + n] = 0;
                }
            }
            float[] scales = new float[perChannel ? OUTPUTS : 1];
            for (int n = 0; n < scales.length; n++) {
                scales[n] = (2f + 0.05f * n) / bits.symmetric().highest();
            }
            float[] correction = new float[corrected ? OUTPUTS : 0];
            for (int n = 0; n < correction.length; n++) {
                correction[n] = 0.3f * n - 1;
            }
            plans.add(new LinearPlan(
                    layer.output(),
                    new LayerInputQuantizer(main, apart),
                    RoundToNearest.nearestSafe(matrix, INPUTS, OUTPUTS, scales, bits),
                    correction));
        }
        return new Plan(plans, List.of());
    }

    /** Returns y by our own arithmetic: X̂·Ŵ + b − correction, q + k − v where there are three layers. */
    float[] expected(Plan plan, float[] x) {
        float[] y = new float[x.length / INPUTS * OUTPUTS];
        for (int i = 0; i < layers.size(); i++) {
            LinearPlan layer = plan.layers().get(i);
            QuantizedWeight codes = layer.weight();
            float[] matrix = layers.get(i).matrix(graph);
            float[] quantized = codes.dequantize();
            for (int channel : layer.input().massiveChannels()) {
                System.arraycopy(matrix, channel * OUTPUTS, quantized, channel * OUTPUTS, OUTPUTS);
            }
            float[] product = LinearAlgebra.multiply(
                    layer.input().apply(x, INPUTS), quantized, x.length / INPUTS, INPUTS, OUTPUTS);
            float[] bias = layers.get(i)
                    .bias()
                    .map(name -> graph.weights().get(name).toFloats())
                    .orElse(new float[OUTPUTS]);
            for (int j = 0; j < y.length; j++) {
                int n = j % OUTPUTS;
                float corrected = layer.biasCorrection().length > 0 ? bias[n] - layer.biasCorrection()[n] : bias[n];
                y[j] += (i == 2 ? -1 : 1) * (product[j] + corrected);
            }
        }
        return y;
    }
}
