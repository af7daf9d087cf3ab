package org.vitrail.verify;

import java.io.IOException;
import java.util.Optional;
import org.vitrail.task.Answer;
import org.vitrail.wire.WireInput;
import org.vitrail.wire.WireOutput;

/** Accumulates {@link ClassificationMetrics}. */
final class ClassificationAccumulator implements MetricAccumulator {
    /** Everything but the divergences, which are summed exactly. */
    private ClassificationMetrics counts = ClassificationMetrics.none();

    private final ExactSum klNats;
    private final ExactSum decidedNats;

    ClassificationAccumulator() {
        this(new ExactSum(), new ExactSum());
    }

    private ClassificationAccumulator(ExactSum klNats, ExactSum decidedNats) {
        this.klNats = klNats;
        this.decidedNats = decidedNats;
    }

    @Override
    public void add(int example, Answer answer, Optional<Answer> reference, GroundTruth truth) {
        Answer.Scores scores = (Answer.Scores) answer;
        ClassificationMetrics one = reference
                .map(other -> ClassificationMetrics.of((Answer.Scores) other, scores, truth.label()))
                .orElseGet(() -> ClassificationMetrics.of(scores.values(), truth.label()));
        counts = counts.plus(one.withNats(0, 0));
        klNats.add(one.klNats());
        decidedNats.add(one.decidedNats());
    }

    @Override
    public void merge(MetricAccumulator more) {
        ClassificationAccumulator other = (ClassificationAccumulator) more;
        counts = counts.plus(other.counts);
        klNats.add(other.klNats);
        decidedNats.add(other.decidedNats);
    }

    @Override
    public int examples() {
        return counts.examples();
    }

    @Override
    public TaskMetrics metrics() {
        return counts.withNats(klNats.value(), decidedNats.value());
    }

    @Override
    public void write(WireOutput out) throws IOException {
        out.integer(counts.examples());
        out.integer(counts.labelled());
        out.integer(counts.top5());
        out.integer(counts.top1());
        out.integer(counts.compared());
        out.integer(counts.agreeing());
        out.float32(counts.largestDifference());
        klNats.write(out);
        decidedNats.write(out);
    }

    static ClassificationAccumulator read(WireInput in) throws IOException {
        int examples = in.count(0, Integer.MAX_VALUE);
        int labelled = in.count(0, examples);
        int top5 = in.count(0, labelled);
        int top1 = in.count(0, top5);
        int compared = in.count(0, examples);
        int agreeing = in.count(0, compared);
        float largestDifference = in.float32();
        if (!(largestDifference >= 0)) {
            throw new IllegalArgumentException("a difference of " + largestDifference);
        }
        ClassificationAccumulator accumulator = new ClassificationAccumulator(ExactSum.read(in), ExactSum.read(in));
        accumulator.counts =
                new ClassificationMetrics(examples, labelled, top1, top5, compared, agreeing, 0, 0, largestDifference);
        return accumulator;
    }
}
