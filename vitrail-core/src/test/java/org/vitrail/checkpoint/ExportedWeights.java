package org.vitrail.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;

/**
 * Restores the state dict of an ONNX file of PyTorch's older exporter, which keeps all names but those of MatMul
 * weights.
 */
final class ExportedWeights {
    private ExportedWeights() {}

    static Map<String, Weight> of(Graph graph) {
        Map<String, Weight> weights = new LinkedHashMap<>();
        graph.weights().forEach((name, weight) -> {
            if (weight.isFloating() && weight.rank() > 0 && !name.contains("::")) {
                weights.put(name, weight);
            }
        });
        GraphIndex index = new GraphIndex(graph);
        for (Node node : graph.nodes()) {
            if (node.is("MatMul") && graph.weights().containsKey(node.input(1))) {
                Node sum = index.consumers(node.output()).getFirst();
                String bias = weights.containsKey(sum.input(0)) ? sum.input(0) : sum.input(1);
                weights.put(
                        bias.replaceFirst("bias$", "weight"),
                        turned(graph.weights().get(node.input(1))));
            }
        }
        return weights;
    }

    private static Weight turned(Weight weight) {
        int in = weight.extent(0);
        int out = weight.extent(1);
        float[] values = weight.toFloats();
        float[] turned = new float[values.length];
        for (int i = 0; i < in; i++) {
            for (int o = 0; o < out; o++) {
                turned[o * in + i] = values[i * out + o];
            }
        }
        return Weight.ofFloats(new int[] {out, in}, turned);
    }
}
