package org.vitrail.verify;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.vitrail.task.Answer;
import org.vitrail.tensor.VitrailException;
import org.vitrail.wire.WireInput;
import org.vitrail.wire.WireOutput;

/** Accumulates {@link EmbeddingMetrics}; keeps the embeddings of the examples with the lowest numbers. */
final class EmbeddingAccumulator implements MetricAccumulator {
    /** Largest number of images among which neighbours are searched: time and memory grow with its square. */
    static final int MAX_NEIGHBOURS = 1024;

    private static final int MAX_WIDTH = 1 << 20;

    private final TreeMap<Integer, Pair> first = new TreeMap<>();
    private int examples;
    private int compared;
    private double worst = 1;
    private final ExactSum cosines;

    /** The embeddings of one image by both models, scaled to length one. */
    private record Pair(float[] reference, float[] embedding) {}

    EmbeddingAccumulator() {
        this(new ExactSum());
    }

    private EmbeddingAccumulator(ExactSum cosines) {
        this.cosines = cosines;
    }

    @Override
    public void add(int example, Answer answer, Optional<Answer> reference, GroundTruth truth) {
        examples++;
        float[] embedding = ((Answer.Vector) answer).values();
        reference.ifPresent(other -> compare(example, ((Answer.Vector) other).values(), embedding));
    }

    private void compare(int example, float[] reference, float[] embedding) {
        if (reference.length != embedding.length) {
            throw new VitrailException("the two models cannot be compared: the embeddings of one have "
                    + reference.length + " numbers, those of the other " + embedding.length);
        }
        Pair pair = new Pair(unit(reference), unit(embedding));
        double cosine = dot(pair.reference, pair.embedding);
        compared++;
        cosines.add(cosine);
        worst = Math.min(worst, cosine);
        keep(example, pair);
    }

    private void keep(int example, Pair pair) {
        if (!first.isEmpty() && first.firstEntry().getValue().reference.length != pair.reference.length) {
            throw new VitrailException("the embeddings of one image have "
                    + first.firstEntry().getValue().reference.length + " numbers, those of another "
                    + pair.reference.length + ": evaluate on images of one size");
        }
        first.put(example, pair);
        if (first.size() > MAX_NEIGHBOURS) {
            first.pollLastEntry();
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
    public void merge(MetricAccumulator more) {
        EmbeddingAccumulator other = (EmbeddingAccumulator) more;
        other.first.forEach(this::keep);
        examples += other.examples;
        compared += other.compared;
        cosines.add(other.cosines);
        worst = Math.min(worst, other.worst);
    }

    @Override
    public int examples() {
        return examples;
    }

    @Override
    public TaskMetrics metrics() {
        List<float[]> references = first.values().stream().map(Pair::reference).toList();
        List<float[]> embeddings = first.values().stream().map(Pair::embedding).toList();
        int neighbours = references.size() < 2 ? 0 : references.size();
        int same = 0;
        for (int i = 0; i < neighbours; i++) {
            same += nearest(references, i) == nearest(embeddings, i) ? 1 : 0;
        }
        return new EmbeddingMetrics(examples, compared, cosines.value() / compared, worst, neighbours, same);
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

    @Override
    public void write(WireOutput out) throws IOException {
        out.integer(examples);
        out.integer(compared);
        out.float64(worst);
        cosines.write(out);
        out.integer(first.size());
        out.integer(first.isEmpty() ? 0 : first.firstEntry().getValue().reference.length);
        for (Map.Entry<Integer, Pair> kept : first.entrySet()) {
            out.integer(kept.getKey());
            out.floats(kept.getValue().reference);
            out.floats(kept.getValue().embedding);
        }
    }

    /** @param numbers the examples of the evaluation */
    static EmbeddingAccumulator read(WireInput in, ExampleNumbers numbers) throws IOException {
        int examples = in.count(0, Integer.MAX_VALUE);
        int compared = in.count(0, examples);
        double worst = in.float64();
        if (worst > 1) {
            throw new IllegalArgumentException("a smallest cosine of " + worst);
        }
        EmbeddingAccumulator accumulator = new EmbeddingAccumulator(ExactSum.read(in));
        accumulator.examples = examples;
        accumulator.compared = compared;
        accumulator.worst = worst;
        int kept = in.count(0, Math.min(compared, MAX_NEIGHBOURS));
        int width = in.count(0, MAX_WIDTH);
        for (int i = 0; i < kept; i++) {
            int example = in.integer();
            if (!numbers.contains(example) || accumulator.first.containsKey(example)) {
                throw new IllegalArgumentException("an embedding of example " + example);
            }
            accumulator.first.put(example, new Pair(in.floats(width), in.floats(width)));
        }
        if (kept != Math.min(compared, MAX_NEIGHBOURS)) {
            throw new IllegalArgumentException("embeddings of " + kept + " of " + compared + " examples");
        }
        return accumulator;
    }
}
