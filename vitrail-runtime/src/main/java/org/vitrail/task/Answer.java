package org.vitrail.task;

import java.util.List;
import org.vitrail.detection.Detection;

/**
 * The answer of a model for one image, as its {@link Task} reads it. Arrays belong to the model and must not be written
 * to.
 */
public sealed interface Answer {
    /** Class scores and how they become probabilities. */
    record Scores(float[] values, ScoreForm form) implements Answer {}

    /** One detection for each query, with the scores (queries, width) from which they were read. */
    record Objects(List<Detection> detections, float[] logits, int width) implements Answer {}

    /** An embedding vector. */
    record Vector(float[] values) implements Answer {}

    /** The class of each position, with the scores from which it was read. */
    record Labels(int[] labels, int classes, float[] scores) implements Answer {}
}
