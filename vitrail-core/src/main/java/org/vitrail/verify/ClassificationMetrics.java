package org.vitrail.verify;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.vitrail.task.Answer;
import org.vitrail.task.Logits;
import org.vitrail.task.ScoreForm;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/**
 * The metrics of a classifier on some examples, as counts and sums: those of two sets of examples are added by
 * {@link #plus}, so that memory does not depend on the number of examples and work can be distributed. Sums of doubles
 * depend on their order: add in the order of the examples, and the result is the same for any number of threads.
 *
 * @param examples number of examples that were run
 * @param labelled number of those whose class is known
 * @param top1 number of labelled examples whose class came first
 * @param top5 number of labelled examples whose class was among the first five
 * @param compared number of examples that the reference model was run on too
 * @param agreeing number of compared examples to which both models give the same class
 * @param klNats sum over the compared examples of KL(reference || model), see {@link Logits#klNats}
 * @param decidedNats sum over the compared examples of KL(reference || uniform): how confident the reference model is
 * @param largestDifference the largest absolute difference between logits of the two models
 */
public record ClassificationMetrics(
        int examples,
        int labelled,
        int top1,
        int top5,
        int compared,
        int agreeing,
        double klNats,
        double decidedNats,
        float largestDifference)
        implements TaskMetrics {

    /** Returns the metrics of no examples. */
    public static ClassificationMetrics none() {
        return new ClassificationMetrics(0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Returns the metrics of one example. */
    public static ClassificationMetrics of(float[] logits, OptionalInt label) {
        Logits.requireFinite(logits, "the model's output");
        if (label.isEmpty()) {
            return new ClassificationMetrics(1, 0, 0, 0, 0, 0, 0, 0, 0);
        }
        if (label.getAsInt() >= logits.length) {
            throw new VitrailException("an image is labelled with class " + label.getAsInt() + ", but the model has "
                    + logits.length + " classes (0 to " + (logits.length - 1) + ")");
        }
        int rank = Logits.rank(logits, label.getAsInt());
        return new ClassificationMetrics(1, 1, rank < 1 ? 1 : 0, rank < 5 ? 1 : 0, 0, 0, 0, 0, 0);
    }

    /** Returns the metrics of one example, compared with the reference model's logits. */
    public static ClassificationMetrics of(float[] reference, float[] logits, OptionalInt label) {
        return of(new Answer.Scores(reference, ScoreForm.LOGITS), new Answer.Scores(logits, ScoreForm.LOGITS), label);
    }

    /** Returns the metrics of one example, compared with the reference model's scores of the same form. */
    public static ClassificationMetrics of(Answer.Scores reference, Answer.Scores scores, OptionalInt label) {
        float[] wanted = reference.values();
        float[] got = scores.values();
        if (wanted.length != got.length) {
            throw new VitrailException("the two models cannot be compared: one has " + wanted.length
                    + " classes, the other " + got.length);
        }
        Logits.requireFinite(wanted, "the reference model's output");
        ClassificationMetrics alone = of(got, label);
        ScoreForm form = reference.form();
        return new ClassificationMetrics(
                1,
                alone.labelled,
                alone.top1,
                alone.top5,
                1,
                form.predicted(wanted).equals(form.predicted(got)) ? 1 : 0,
                form.klNats(wanted, got),
                form.decidedNats(wanted),
                Logits.largestDifference(wanted, got));
    }

    /**
     * Returns the metrics of unlabelled examples: logits of the reference model and of the model, both (examples,
     * classes).
     */
    public static ClassificationMetrics of(Tensor reference, Tensor logits) {
        if (reference.rank() != 2 || logits.rank() != 2 || reference.extent(0) != logits.extent(0)) {
            throw new IllegalArgumentException(
                    "expected two tensors of logits (examples, classes), got " + reference + " and " + logits);
        }
        ClassificationMetrics sum = none();
        for (int i = 0; i < logits.extent(0); i++) {
            sum = sum.plus(of(reference.item(i).values(), logits.item(i).values(), OptionalInt.empty()));
        }
        return sum;
    }

    /** Returns the metrics of both sets of examples together. */
    public ClassificationMetrics plus(ClassificationMetrics other) {
        return new ClassificationMetrics(
                examples + other.examples,
                labelled + other.labelled,
                top1 + other.top1,
                top5 + other.top5,
                compared + other.compared,
                agreeing + other.agreeing,
                klNats + other.klNats,
                decidedNats + other.decidedNats,
                Math.max(largestDifference, other.largestDifference));
    }

    /** Returns these metrics with other sums of divergences. */
    ClassificationMetrics withNats(double newKlNats, double newDecidedNats) {
        return new ClassificationMetrics(
                examples, labelled, top1, top5, compared, agreeing, newKlNats, newDecidedNats, largestDifference);
    }

    /** Returns the share of labelled examples whose class came first, 0 to 1; empty where none is labelled. */
    public OptionalDouble top1Accuracy() {
        return share(top1, labelled);
    }

    /** Returns the share of labelled examples whose class was among the first five, 0 to 1. */
    public OptionalDouble top5Accuracy() {
        return share(top5, labelled);
    }

    /** Share of the compared examples to which both models give the same class, 0 to 1; empty without a reference. */
    @Override
    public OptionalDouble agreement() {
        return share(agreeing, compared);
    }

    /** Returns the number of compared examples to which the models give different classes. */
    public int differing() {
        return compared - agreeing;
    }

    /** Returns the mean KL(reference || model) of the compared examples, in nats. */
    public OptionalDouble meanKlNats() {
        return share(klNats, compared);
    }

    /** The information of the reference model that is lost: mean KL over {@code KL(reference || uniform)}. */
    @Override
    public OptionalDouble lostShare() {
        return compared == 0 ? OptionalDouble.empty() : OptionalDouble.of(klNats / Math.max(decidedNats, 1e-12));
    }

    @Override
    public OptionalDouble divergence() {
        return meanKlNats();
    }

    @Override
    public List<MetricValue> figures() {
        return List.of(
                MetricValue.share("top-1", top1Accuracy()),
                MetricValue.share("top-5", top5Accuracy()),
                MetricValue.share("agreement", agreement()),
                MetricValue.number("mean KL", meanKlNats()));
    }

    @Override
    public String found() {
        return String.format(
                Locale.ROOT,
                "%d of %s (%.1f %%) get the float model's prediction",
                agreeing,
                TaskMetrics.heldBack(compared),
                100 * agreement().orElse(Double.NaN));
    }

    @Override
    public String closeness() {
        return String.format(Locale.ROOT, "mean KL %.4f nats", meanKlNats().orElse(0));
    }

    private static OptionalDouble share(double part, int whole) {
        return whole == 0 ? OptionalDouble.empty() : OptionalDouble.of(part / whole);
    }
}
