package org.vitrail.verify;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.vitrail.linalg.SquaredDistance;
import org.vitrail.task.Answer;
import org.vitrail.tensor.VitrailException;
import org.vitrail.wire.WireInput;
import org.vitrail.wire.WireOutput;

/** Accumulates {@link DenseMetrics}. */
final class DenseAccumulator implements MetricAccumulator {
    private static final int MAX_CLASSES = 1 << 20;

    /** Largest number of a class that a model gives without scores and that is counted by itself. */
    private static final int MAX_CLASS = 65_535;

    private int examples;
    private int compared;
    private long places;
    private long[] byBoth = new long[0];
    private long[] byReference = new long[0];
    private long[] byModel = new long[0];
    private final ExactSum noise;
    private final ExactSum signal;

    DenseAccumulator() {
        this(new ExactSum(), new ExactSum());
    }

    private DenseAccumulator(ExactSum noise, ExactSum signal) {
        this.noise = noise;
        this.signal = signal;
    }

    @Override
    public void add(int example, Answer answer, Optional<Answer> reference, GroundTruth truth) {
        examples++;
        reference.ifPresent(other -> compare((Answer.Labels) other, (Answer.Labels) answer));
    }

    private void compare(Answer.Labels reference, Answer.Labels model) {
        if (reference.labels().length != model.labels().length || reference.classes() != model.classes()) {
            throw new VitrailException("the two models cannot be compared: one gives " + reference.classes()
                    + " classes to " + reference.labels().length + " places, the other " + model.classes() + " to "
                    + model.labels().length);
        }
        widen(Math.max(2, model.classes()));
        compared++;
        places += model.labels().length;
        int different = 0;
        for (int i = 0; i < model.labels().length; i++) {
            int wanted = reference.labels()[i];
            int got = model.labels()[i];
            if (Math.max(row(wanted), row(got)) >= byBoth.length) {
                widen(Math.max(row(wanted), row(got)) + 1);
            }
            byReference[row(wanted)]++;
            byModel[row(got)]++;
            byBoth[row(wanted)] += wanted == got ? 1 : 0;
            different += wanted == got ? 0 : 1;
        }
        // Without scores, a place of another class counts as lost.
        boolean hasScores = reference.scores().length > 0;
        noise.add(hasScores ? SquaredDistance.between(model.scores(), reference.scores()) : different);
        signal.add(hasScores ? SquaredDistance.fromZero(reference.scores()) : model.labels().length);
    }

    /** Returns the row in which a class is counted; values that are no class number share the last one. */
    private static int row(int label) {
        return label < 0 || label > MAX_CLASS ? MAX_CLASS + 1 : label;
    }

    private void widen(int classes) {
        int length = Math.max(byBoth.length, classes);
        byBoth = Arrays.copyOf(byBoth, length);
        byReference = Arrays.copyOf(byReference, length);
        byModel = Arrays.copyOf(byModel, length);
    }

    @Override
    public void merge(MetricAccumulator more) {
        DenseAccumulator other = (DenseAccumulator) more;
        widen(other.byBoth.length);
        for (int label = 0; label < other.byBoth.length; label++) {
            byBoth[label] += other.byBoth[label];
            byReference[label] += other.byReference[label];
            byModel[label] += other.byModel[label];
        }
        examples += other.examples;
        compared += other.compared;
        places += other.places;
        noise.add(other.noise);
        signal.add(other.signal);
    }

    @Override
    public int examples() {
        return examples;
    }

    @Override
    public TaskMetrics metrics() {
        double iouSum = 0;
        int given = 0;
        for (int label = 0; label < byBoth.length; label++) {
            long any = byReference[label] + byModel[label] - byBoth[label];
            iouSum += any == 0 ? 0 : (double) byBoth[label] / any;
            given += any == 0 ? 0 : 1;
        }
        return new DenseMetrics(
                examples,
                compared,
                places,
                Arrays.stream(byBoth).sum(),
                iouSum / given,
                noise.value() == 0 ? 0 : noise.value() / signal.value());
    }

    @Override
    public void write(WireOutput out) throws IOException {
        out.integer(examples);
        out.integer(compared);
        out.integer(byBoth.length);
        out.longs(byBoth);
        out.longs(byReference);
        out.longs(byModel);
        noise.write(out);
        signal.write(out);
    }

    static DenseAccumulator read(WireInput in) throws IOException {
        int examples = in.count(0, Integer.MAX_VALUE);
        int compared = in.count(0, examples);
        int classes = in.count(0, MAX_CLASSES);
        long[] byBoth = in.longs(classes);
        long[] byReference = in.longs(classes);
        long[] byModel = in.longs(classes);
        DenseAccumulator accumulator = new DenseAccumulator(ExactSum.read(in), ExactSum.read(in));
        accumulator.examples = examples;
        accumulator.compared = compared;
        accumulator.byBoth = byBoth;
        accumulator.byReference = byReference;
        accumulator.byModel = byModel;
        accumulator.places = places(byReference, compared);
        if (places(byModel, compared) != accumulator.places) {
            throw new IllegalArgumentException("two models with different numbers of places");
        }
        for (int label = 0; label < classes; label++) {
            if (byBoth[label] < 0 || byBoth[label] > Math.min(byReference[label], byModel[label])) {
                throw new IllegalArgumentException("a count of " + byBoth[label] + " places of equal classes");
            }
        }
        return accumulator;
    }

    /** The number of places of all classes: an image has fewer than 2^31, so that sums over images stay below 2^62. */
    private static long places(long[] byClass, int compared) {
        long places = 0;
        for (long count : byClass) {
            places = Math.addExact(places, count);
            if (count < 0 || places > (long) compared * Integer.MAX_VALUE) {
                throw new IllegalArgumentException("a count of " + count + " places in " + compared + " images");
            }
        }
        return places;
    }
}
