package org.vitrail.export;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.ConstantElements;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.Node;
import org.vitrail.graph.ScratchFile;
import org.vitrail.graph.Weight;

/**
 * Stores float weights of a quantized model in the half precision in which the original holds them: as float16 or bfloat16
 * followed by a Cast, which runtimes compute once when they load the model. Only weights all of whose elements are numbers
 * of that type are stored so; the model computes the same to the bit.
 */
public final class StoredPrecision {
    /** Smaller weights stay float32: a Cast would cost more bytes than it saves, or nearly as many. */
    private static final int MIN_ELEMENTS = 1024;

    private static final Set<DataType> HALF = Set.of(DataType.FLOAT16, DataType.BFLOAT16);

    private StoredPrecision() {}

    /**
     * Returns the quantized model with its float weights stored as they were.
     *
     * @param opened the original, in the precision of its file
     */
    public static Graph restore(Graph quantized, Graph opened) {
        Set<DataType> types = EnumSet.noneOf(DataType.class);
        opened.weights().values().stream()
                .map(Weight::type)
                .filter(HALF::contains)
                .forEach(types::add);
        if (types.isEmpty()) {
            return quantized;
        }
        GraphEditor names = new GraphEditor(quantized);
        Map<String, Weight> weights = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>();
        quantized.weights().forEach((name, weight) -> {
            Weight stored = stored(weight, types);
            if (stored.type() == weight.type()) {
                weights.put(name, weight);
            } else {
                String half = names.fresh(name + "_half");
                weights.put(half, stored);
                nodes.add(Node.of(
                        "Cast",
                        List.of(half),
                        List.of(name),
                        Map.of("to", Attribute.of(weight.type().onnx()))));
            }
        });
        nodes.addAll(quantized.nodes());
        return quantized.withWeights(weights).withNodes(nodes);
    }

    private static Weight stored(Weight weight, Set<DataType> types) {
        if (weight.type() == DataType.FLOAT && weight.count() >= MIN_ELEMENTS) {
            for (DataType type : types) {
                Weight half = ConstantElements.cast(weight, type);
                if (ConstantElements.cast(half, DataType.FLOAT).bytes().equals(weight.bytes())) {
                    return ScratchFile.kept(half);
                }
            }
        }
        return weight;
    }
}
