package org.vitrail.task;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.vitrail.graph.Graph;
import org.vitrail.image.Size;
import org.vitrail.tensor.Tensor;

/**
 * What is known about the meaning of a model's outputs.
 *
 * @param graph the model, its inputs with the extents that a run gives them
 * @param input the size of the pictures that it is fed with
 * @param sigmoid whether its class scores are logits of a sigmoid, where its configuration or metadata says it
 * @param map whether its metadata says that its output is a number for every position
 * @param classNames the number of its class names
 * @param run gives the outputs for one picture, by name; asked only where nothing else decides, and empty where the model
 *     cannot be run
 */
public record OutputEvidence(
        Graph graph,
        Optional<Size> input,
        Optional<Boolean> sigmoid,
        boolean map,
        OptionalInt classNames,
        Supplier<Map<String, Tensor>> run) {
    /** Evidence from the graph alone. */
    public static OutputEvidence of(Graph graph) {
        return new OutputEvidence(graph, Optional.empty(), Optional.empty(), false, OptionalInt.empty(), Map::of);
    }

    public OutputEvidence withSigmoid(Optional<Boolean> newSigmoid) {
        return new OutputEvidence(graph, input, newSigmoid, map, classNames, run);
    }

    public OutputEvidence withMap(boolean newMap) {
        return new OutputEvidence(graph, input, sigmoid, newMap, classNames, run);
    }
}
