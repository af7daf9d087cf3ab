package org.vitrail.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/** Reads classes and masks of positions from the outputs of segmentation models. */
final class DenseReader {
    private DenseReader() {}

    /** The class of the greatest score at each position; of scores (classes, height, width) or (tokens, classes). */
    static Answer.Labels bestClasses(Tensor output) {
        int classes = output.rank() == 3 ? output.extent(0) : output.extent(1);
        int places = output.size() / Math.max(1, classes);
        int classStep = output.rank() == 3 ? places : 1;
        int placeStep = output.rank() == 3 ? 1 : classes;
        int[] labels = new int[places];
        for (int place = 0; place < places; place++) {
            labels[place] = best(output.values(), place * placeStep, classes, classStep);
        }
        return new Answer.Labels(labels, classes, output.values());
    }

    /** The class of the greatest score; with a single score, 1 if it is above 0, else 0. */
    private static int best(float[] scores, int from, int classes, int step) {
        if (classes == 1) {
            return scores[from] > 0 ? 1 : 0;
        }
        int best = 0;
        for (int label = 1; label < classes; label++) {
            best = scores[from + label * step] > scores[from + best * step] ? label : best;
        }
        return best;
    }

    /** The classes that a model gives as whole numbers. */
    static Answer.Labels classes(Tensor output) {
        int[] labels = new int[output.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = Math.round(output.values()[i]);
        }
        return new Answer.Labels(labels, 0, new float[0]);
    }

    /**
     * Reads masks (..., height, width), which cover the positions above 0.
     *
     * @param given scores of the masks (masks), or of their classes and none (masks, classes + 1), before the softmax
     */
    static Answer.Masks masks(Tensor masks, Optional<Tensor> given) {
        int places = masks.extent(-1) * masks.extent(-2);
        int count = masks.size() / Math.max(1, places);
        Tensor scores = given.orElseGet(() -> Tensor.of(new int[] {count}, ones(count)));
        if (count == 0 || scores.size() % count != 0) {
            throw new VitrailException("a segmentation model gives scores for each of its masks, but they are " + scores
                    + " for the masks " + masks);
        }
        int width = scores.size() / count;
        float threshold = isShare(masks.values()) ? 0.5f : 0;
        List<Answer.Mask> all = new ArrayList<>();
        for (int mask = 0; mask < count; mask++) {
            BitSet covered = new BitSet(places);
            for (int place = 0; place < places; place++) {
                if (masks.values()[mask * places + place] > threshold) {
                    covered.set(place);
                }
            }
            float[] row = Arrays.copyOfRange(scores.values(), mask * width, (mask + 1) * width);
            all.add(width == 1 ? new Answer.Mask(covered, Math.clamp(row[0], 0, 1), -1) : ofQuery(covered, row));
        }
        return new Answer.Masks(all, places);
    }

    /** Masks are logits, unless none is below 0 and none above 1. */
    private static boolean isShare(float[] masks) {
        for (float value : masks) {
            if (value < 0 || value > 1) {
                return false;
            }
        }
        return true;
    }

    private static Answer.Mask ofQuery(BitSet covered, float[] logits) {
        float[] classes = Arrays.copyOf(logits, logits.length - 1);
        int label = Logits.top(classes);
        return new Answer.Mask(covered, ScoreForm.LOGITS.probabilities(logits)[label], label);
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
