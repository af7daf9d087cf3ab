package org.vitrail.verify;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The verdict on a quantized model, from its agreement with the float model on images that it was not calibrated with.
 * No labels are needed.
 *
 * @param sentence the finding in one sentence
 * @param advice the remedies to try next, most promising first; empty where the result is fine
 * @param responsible the layers with the largest errors, largest first; empty where the result is fine
 */
public record Verdict(Level level, String sentence, List<String> advice, List<RelativeError> responsible) {
    /** The severity of the loss. */
    public enum Level {
        FINE,
        NOTICEABLE,
        COLLAPSE,
        /** Nothing says how good the outputs are. */
        UNJUDGED
    }

    /**
     * The expected agreement, one row per bit width: the agreement from which a result is fine, and below which it is a
     * collapse. Where the lost share of the float model's information is below {@code close}, the two models are
     * equivalent, and predictions differ only where the float model itself is undecided, as it is on many drawn images;
     * then the result is fine.
     */
    private enum Expectation {
        EIGHT(8, 0.95, 0.90, 0.005),
        SIX(6, 0.90, 0.80, 0.02),
        FOUR(4, 0.80, 0.60, 0.05),
        FEWER(0, 0.60, 0.40, 0.1);

        private final int fromBits;
        private final double fine;
        private final double collapse;
        private final double close;

        Expectation(int fromBits, double fine, double collapse, double close) {
            this.fromBits = fromBits;
            this.fine = fine;
            this.collapse = collapse;
            this.close = close;
        }

        static Expectation of(int bits) {
            for (Expectation row : values()) {
                if (bits >= row.fromBits) {
                    return row;
                }
            }
            return FEWER;
        }

        Level level(TaskMetrics metrics) {
            double lostShare = metrics.lostShare().orElse(1);
            if (lostShare < close) {
                return Level.FINE;
            }
            // Without predictions to compare, such as boxes, the verdict rests on the information that the scores lose.
            double agreement =
                    metrics.agreement().orElse(lostShare < COLLAPSE_LOSS_FACTOR * close ? (fine + collapse) / 2 : 0);
            if (agreement < collapse) {
                // Examples that are all alike exchange their neighbours at the least change.
                return metrics.similarity().orElse(0) >= fine ? Level.NOTICEABLE : Level.COLLAPSE;
            }
            return agreement < fine ? Level.NOTICEABLE : Level.FINE;
        }
    }

    /** Without predictions to compare, a collapse is a loss of this many times {@code close}. */
    private static final double COLLAPSE_LOSS_FACTOR = 4;

    /** Number of held-back images below which a verdict says that they are few. */
    private static final int MIN_EVIDENCE = 16;

    /** Number of layers that a verdict names. */
    private static final int MAX_NAMED_LAYERS = 3;

    public Verdict {
        advice = List.copyOf(advice);
        responsible = List.copyOf(responsible);
    }

    /**
     * Returns the verdict on a model.
     *
     * @param metrics metrics compared with the float model
     * @param bits average bits of the weights and activations
     * @param layers errors of its layers where they are known, in any order
     */
    public static Verdict of(TaskMetrics metrics, int bits, List<RelativeError> layers) {
        if (metrics.compared() == 0) {
            throw new IllegalArgumentException("a verdict needs a comparison with the float model");
        }
        if (!metrics.isJudged()) {
            return new Verdict(Level.UNJUDGED, metrics.found(), List.of(), List.of());
        }
        Level level = Expectation.of(bits).level(metrics);
        List<RelativeError> worst = level == Level.FINE ? List.of() : RelativeError.worst(layers, MAX_NAMED_LAYERS);
        return new Verdict(level, sentence(level, metrics, bits, worst), advice(level, bits), worst);
    }

    private static String sentence(Level level, TaskMetrics metrics, int bits, List<RelativeError> worst) {
        String found = metrics.found();
        String judged = switch (level) {
                    case FINE ->
                        metrics.agreement().isPresent() && metrics.agreement().getAsDouble() < Expectation.of(bits).fine
                                ? "close to the float model (" + metrics.closeness() + "), as it should be at " + bits
                                        + " bits; " + found
                                        + ", and where they do not the float model is undecided itself"
                                : found + fine(metrics, bits);
                    case NOTICEABLE -> found + ", less than " + bits + " bits usually allow";
                    case COLLAPSE -> found + ": at " + bits + " bits this quantization has destroyed the model";
                    case UNJUDGED -> found;
                }
                + (metrics.compared() < MIN_EVIDENCE ? "; " + few(metrics.compared()) + " to judge by" : "");
        return worst.isEmpty()
                ? judged
                : judged + "; the largest errors are at "
                        + worst.stream()
                                .map(error -> String.format(
                                        Locale.ROOT, "%s (%.0f %%)", error.layer(), 100 * error.relative()))
                                .collect(Collectors.joining(", "));
    }

    private static String fine(TaskMetrics metrics, int bits) {
        return metrics.agreement().isPresent()
                ? ", as they should at " + bits + " bits"
                : " (" + metrics.closeness() + "), as it should be at " + bits + " bits";
    }

    private static String few(int count) {
        return count + (count == 1 ? " is few" : " are few");
    }

    private static List<String> advice(Level level, int bits) {
        return switch (level) {
            case FINE, UNJUDGED -> List.of();
            case NOTICEABLE ->
                bits < 8
                        ? List.of("more bits", "more calibration images", "float attention products")
                        : List.of("more calibration images", "float attention products");
            case COLLAPSE ->
                bits < 8
                        ? List.of(
                                "more bits",
                                "calibration images and preprocessing of the kind that the model was trained with",
                                "the named layers in float")
                        : List.of(
                                "calibration images and preprocessing of the kind that the model was trained with",
                                "the named layers in float",
                                "float attention products");
        };
    }
}
