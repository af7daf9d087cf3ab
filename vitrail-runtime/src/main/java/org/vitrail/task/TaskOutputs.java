package org.vitrail.task;

import java.util.Map;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/** Takes the outputs of one image from those of a run. */
final class TaskOutputs {
    private TaskOutputs() {}

    /** Returns the first item of a batch, after checking rank and values. */
    static Tensor read(Map<String, Tensor> values, String output, int leastRank, int mostRank) {
        Tensor tensor = values.get(output);
        if (tensor.rank() < leastRank || tensor.rank() > mostRank || tensor.extent(0) < 1) {
            throw new VitrailException("the output " + output + " is " + tensor + ", but its task needs "
                    + (leastRank == mostRank ? leastRank : leastRank + " to " + mostRank)
                    + " axes with the batch first: choose another with --task");
        }
        Tensor one = tensor.item(0);
        Logits.requireFinite(one.values(), "the model's output " + output);
        return one;
    }

    /** As {@link #read}, where the model may give one item without a batch: the tensor itself if it has fewer axes. */
    static Tensor readItem(Map<String, Tensor> values, String output, int rankOfItem) {
        Tensor tensor = values.get(output);
        if (tensor.rank() != rankOfItem) {
            return read(values, output, rankOfItem + 1, rankOfItem + 1);
        }
        Logits.requireFinite(tensor.values(), "the model's output " + output);
        return tensor;
    }

    /** Returns the first of these tokens (tokens, channels), or the mean of all if their number is a square. */
    static float[] ofTokens(Tensor tokens) {
        int side = (int) Math.round(Math.sqrt(tokens.extent(0)));
        if (side * side != tokens.extent(0)) {
            return tokens.item(0).values();
        }
        float[] mean = new float[tokens.extent(1)];
        for (int i = 0; i < tokens.size(); i++) {
            mean[i % mean.length] += tokens.values()[i] / tokens.extent(0);
        }
        return mean;
    }
}
