package org.vitrail.verify;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.ValueInfo;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/** Generates inputs for a graph where only their shapes matter, as for speed and memory. */
public final class DummyInputs {
    private static final int DEFAULT_SIDE = 224;

    private DummyInputs() {}

    /**
     * Returns normally distributed values for every input. Of extents that the graph leaves open, the first is 1,
     * channels of an image are 3, and all others 224.
     *
     * @throws VitrailException when the graph does not give the rank of an input
     */
    public static Map<String, Tensor> of(Graph graph, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (ValueInfo input : graph.inputs()) {
            List<Dim> dims = input.shape()
                    .orElseThrow(() -> new VitrailException(
                            "the model does not say which shape its input " + input.name() + " has"));
            int[] shape = new int[dims.size()];
            for (int axis = 0; axis < shape.length; axis++) {
                int open = axis == 0 ? 1 : axis == 1 && shape.length == 4 ? 3 : DEFAULT_SIDE;
                shape[axis] = dims.get(axis) instanceof Dim.Known(long extent) ? Math.toIntExact(extent) : open;
            }
            float[] values = new float[Math.toIntExact(Tensor.size(shape))];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            inputs.put(input.name(), Tensor.of(shape, values));
        }
        return inputs;
    }
}
