package org.vitrail.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vitrail.task.Answer;
import org.vitrail.tensor.VitrailException;

/** Accumulates {@link EmbeddingMetrics}, one example after the other; keeps the embeddings of the first ones. */
final class EmbeddingAccumulator implements MetricAccumulator {
    /** Largest number of images among which neighbours are searched: time and memory grow with its square. */
    private static final int MAX_NEIGHBOURS = 1024;

    private final List<float[]> references = new ArrayList<>();
    private final List<float[]> embeddings = new ArrayList<>();
    private int examples;
    private int compared;
    private double cosineSum;
    private double worst = 1;

    @Override
    public void add(Answer answer, Optional<Answer> reference, GroundTruth truth) {
        examples++;
        float[] embedding = ((Answer.Vector) answer).values();
        reference.ifPresent(other -> compare(((Answer.Vector) other).values(), embedding));
    }

    private void compare(float[] reference, float[] embedding) {
        if (reference.length != embedding.length) {
            throw new VitrailException("the two models cannot be compared: the embeddings of one have "
                    + reference.length + " numbers, those of the other " + embedding.length);
        }
        double cosine = dot(unit(reference), unit(embedding));
        compared++;
        cosineSum += cosine;
        worst = Math.min(worst, cosine);
        if (references.size() < MAX_NEIGHBOURS) {
            references.add(unit(reference));
            embeddings.add(unit(embedding));
        }
    }

    /** Returns the vector scaled to length one; a zero vector stays zero. */
    private static float[] unit(float[] vector) {
        double length = Math.sqrt(dot(vector, vector));
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = length == 0 ? 0 : (float) (vector[i] / length);
        }
        return unit;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    @Override
    public TaskMetrics metrics() {
        int neighbours = references.size() < 2 ? 0 : references.size();
        int same = 0;
        for (int i = 0; i < neighbours; i++) {
            same += nearest(references, i) == nearest(embeddings, i) ? 1 : 0;
        }
        return new EmbeddingMetrics(examples, compared, cosineSum / compared, worst, neighbours, same);
    }

    private static int nearest(List<float[]> vectors, int to) {
        int nearest = -1;
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < vectors.size(); i++) {
            double cosine = i == to ? Double.NEGATIVE_INFINITY : dot(vectors.get(i), vectors.get(to));
            if (cosine > highest) {
                highest = cosine;
                nearest = i;
            }
        }
        return nearest;
    }
}
