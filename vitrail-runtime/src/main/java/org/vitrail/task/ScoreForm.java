package org.vitrail.task;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;

/**
 * How the class scores of an output become probabilities.
 *
 * @param activation the function from logits to probabilities
 * @param applied whether the model has applied it, so that its scores are probabilities
 * @param unit the score that stands for a probability of one where it is applied; 100 for a model that gives per cent
 */
public record ScoreForm(Activation activation, boolean applied, float unit) {
    /** Functions from logits to probabilities. */
    public enum Activation {
        /** Exactly one class is right. */
        SOFTMAX,
        /** Each class is right or wrong by itself. */
        SIGMOID
    }

    /** Scores before the softmax. */
    public static final ScoreForm LOGITS = new ScoreForm(Activation.SOFTMAX, false, 1);

    /** Scores before the sigmoid. */
    public static final ScoreForm SIGMOID_LOGITS = new ScoreForm(Activation.SIGMOID, false, 1);

    /** Largest difference from one of the sum of scores that are taken for the result of a softmax. */
    private static final double SUM_TOLERANCE = 1e-3;

    /** Lower bound of probabilities in logarithms: float32 outputs hold no smaller ones with meaning. */
    private static final double LEAST = 1e-7;

    public ScoreForm {
        if (!(unit > 0)) {
            throw new IllegalArgumentException("the score of a certain class is above 0, got " + unit);
        }
    }

    /** The form of scores to which the model has applied this function. */
    public static ScoreForm applied(Activation activation) {
        return new ScoreForm(activation, true, 1);
    }

    /** The form of these scores where nothing but their values is known: probabilities if they add up to one. */
    ScoreForm seenIn(float[] scores) {
        if (!equals(LOGITS) || scores.length < 2) {
            return this;
        }
        double sum = 0;
        for (float score : scores) {
            if (score < 0) {
                return this;
            }
            sum += score;
        }
        return Math.abs(sum - 1) <= SUM_TOLERANCE ? applied(Activation.SOFTMAX) : this;
    }

    /** Returns the probabilities of the classes, 0 to 1. */
    public double[] probabilities(float[] scores) {
        if (applied) {
            return each(scores, score -> Math.clamp(score / unit, 0, 1));
        }
        return switch (activation) {
            case SOFTMAX ->
                Arrays.stream(Logits.logSoftmax(scores)).map(StrictMath::exp).toArray();
            case SIGMOID -> each(scores, score -> 1 / (1 + StrictMath.exp(-score)));
        };
    }

    private static double[] each(float[] scores, DoubleUnaryOperator function) {
        double[] results = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            results[i] = function.applyAsDouble(scores[i]);
        }
        return results;
    }

    /**
     * Returns the classes that a row of scores predicts: the best one after a softmax; after a sigmoid all that are more
     * probable than not, the best one where several classes are all improbable.
     */
    public Set<Integer> predicted(float[] scores) {
        Set<Integer> likely = new TreeSet<>();
        if (activation == Activation.SIGMOID) {
            double[] probabilities = probabilities(scores);
            for (int label = 0; label < scores.length; label++) {
                if (probabilities[label] >= 0.5) {
                    likely.add(label);
                }
            }
            if (scores.length == 1) {
                return likely;
            }
        }
        return likely.isEmpty() ? Set.of(Logits.top(scores)) : likely;
    }

    /**
     * {@code KL(p || q)} in nats of the classes that two rows of scores stand for: of one distribution after a softmax
     * (what is missing to one counts as a class of its own), summed over the classes after a sigmoid.
     */
    public double klNats(float[] p, float[] q) {
        if (equals(LOGITS)) {
            return Logits.klNats(p, q);
        }
        return switch (activation) {
            case SOFTMAX -> divergence(distribution(p), distribution(q));
            case SIGMOID -> divergenceOfEach(probabilities(p), probabilities(q));
        };
    }

    /** {@code KL(p || undecided)} in nats: how much a row of scores says. */
    public double decidedNats(float[] p) {
        if (equals(LOGITS)) {
            return Logits.klNats(p, new float[p.length]);
        }
        return switch (activation) {
            case SOFTMAX -> {
                double[] known = distribution(p);
                int classes = known[p.length] > SUM_TOLERANCE ? p.length + 1 : p.length;
                double[] undecided = new double[p.length + 1];
                Arrays.fill(undecided, 0, classes, 1.0 / classes);
                yield divergence(known, undecided);
            }
            case SIGMOID -> {
                double[] undecided = new double[p.length];
                Arrays.fill(undecided, 0.5);
                yield divergenceOfEach(probabilities(p), undecided);
            }
        };
    }

    /** Returns the probabilities of the classes and, as the last, of none of them; they add up to one. */
    private double[] distribution(float[] scores) {
        double[] known = probabilities(scores);
        double sum = 0;
        for (double probability : known) {
            sum += probability;
        }
        double[] all = new double[known.length + 1];
        for (int i = 0; i < known.length; i++) {
            all[i] = known[i] / Math.max(1, sum);
        }
        all[known.length] = Math.max(0, 1 - sum);
        return all;
    }

    private static double divergence(double[] p, double[] q) {
        double kl = 0;
        for (int i = 0; i < p.length; i++) {
            kl += p[i] * StrictMath.log(Math.max(p[i], LEAST) / Math.max(q[i], LEAST));
        }
        return Math.max(0, kl);
    }

    private static double divergenceOfEach(double[] p, double[] q) {
        double kl = 0;
        for (int i = 0; i < p.length; i++) {
            kl += divergence(new double[] {p[i], 1 - p[i]}, new double[] {q[i], 1 - q[i]});
        }
        return kl;
    }

    /** {@code logits}, {@code sigmoid logits}, {@code softmax}, {@code sigmoid} or {@code softmax × 100}. */
    @Override
    public String toString() {
        String name = activation.name().toLowerCase(Locale.ROOT);
        if (applied) {
            return unit == 1 ? name : name + " × " + unit;
        }
        return activation == Activation.SOFTMAX ? "logits" : name + " logits";
    }
}
