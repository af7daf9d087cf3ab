package org.vitrail.task;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.vitrail.detection.Detection;
import org.vitrail.image.Region;

/**
 * The answer of a model for one image, as its {@link Task} reads it. Arrays belong to the model and must not be written
 * to.
 */
public sealed interface Answer {
    /** Class scores and how they become probabilities. */
    record Scores(float[] values, ScoreForm form) implements Answer {}

    /**
     * Detections, whatever their scores.
     *
     * @param region the part of the image that the model sees
     * @param queries the class scores of learned queries, which answer in the same order for every image; empty where
     *     detections are a set without an order
     */
    record Objects(List<Detection> detections, Region region, Optional<QueryScores> queries) implements Answer {
        public Objects {
            detections = List.copyOf(detections);
        }
    }

    /** Scores (queries, width) before the softmax; the last of a query stands for no object. */
    record QueryScores(float[] logits, int width) {}

    /** An embedding vector. */
    record Vector(float[] values) implements Answer {}

    /**
     * The class of each position.
     *
     * @param classes number of classes; 0 where the model gives classes without scores and does not say how many
     * @param scores the scores from which the classes were read; empty where there are none
     */
    record Labels(int[] labels, int classes, float[] scores) implements Answer {}

    /** A number for each position, such as depth or opacity. */
    record Values(float[] values) implements Answer {}

    /**
     * Masks, in any order.
     *
     * @param places number of positions of each mask
     */
    record Masks(List<Mask> masks, int places) implements Answer {
        public Masks {
            masks = List.copyOf(masks);
        }
    }

    /**
     * A mask of an image.
     *
     * @param places the positions that it covers
     * @param score how sure the model is of it, 0 to 1
     * @param label its class; -1 where the model gives masks without classes
     */
    record Mask(BitSet places, double score, int label) {}

    /** The numbers of all outputs, one array an output, for tasks that are not known. */
    record Numbers(List<float[]> outputs) implements Answer {
        public Numbers {
            outputs = List.copyOf(outputs);
        }
    }
}
