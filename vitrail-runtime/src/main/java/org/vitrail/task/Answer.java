package org.vitrail.task;

import java.util.List;
import org.vitrail.detection.Detection;

/** What a model says of one picture, as its {@link Task} reads it. Arrays are the model's own and not written to. */
public sealed interface Answer {
    /** Class scores before the softmax. */
    record Scores(float[] logits) implements Answer {}

    /** One detection a query, with the scores (queries, width) that it came from. */
    record Objects(List<Detection> detections, float[] logits, int width) implements Answer {}

    /** An embedding. */
    record Vector(float[] values) implements Answer {}

    /** The class of each place, with the scores that it came from. */
    record Labels(int[] labels, int classes, float[] scores) implements Answer {}
}
