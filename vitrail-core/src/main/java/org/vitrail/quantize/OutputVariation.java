package org.vitrail.quantize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.vitrail.Model;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.engine.EngineProvider;
import org.vitrail.image.ImageSource;
import org.vitrail.task.Task;
import org.vitrail.tensor.Tensor;

/**
 * The variation of a float model's outputs from picture to picture. With {@code y_i} an output for picture i of n and
 * {@code m} their mean, it is
 *
 * <pre>  √(Σ_i ‖y_i − m‖² / Σ_i ‖y_i‖²)</pre>
 *
 * and of several outputs the largest. Near 0, the model answers every picture alike: it is fed wrongly, or untrained.
 *
 * @param pictures the number that was measured, at most {@link #MAX_PICTURES}
 * @param relative empty where fewer than two pictures were measured or the outputs are not of one size
 * @param certainty the mean of a classifier's largest probability; empty for other models
 * @param classes the number of classes behind {@code certainty}, or 0
 */
public record OutputVariation(int pictures, OptionalDouble relative, OptionalDouble certainty, int classes) {
    /** Pictures that are enough to see whether answers differ. */
    public static final int MAX_PICTURES = 8;

    /**
     * Outputs that vary less than this are practically the same for every picture. Trained models measure 0.5 to 1,
     * models of random weights 0.05 and more.
     */
    static final double LEAST_VARIATION = 0.02;

    /** A classifier whose largest probability is below this many times chance sees nothing; trained ones measure 200. */
    static final double LEAST_TIMES_CHANCE = 3;

    /** With fewer classes, chance is too near to the probabilities of a model that is merely unsure. */
    static final int LEAST_CLASSES = 100;

    /** Measures the model on the first of these pictures. */
    static OutputVariation of(Model model, ImageSource images, EngineProvider engines, int threads) {
        int pictures = Math.min(MAX_PICTURES, images.size());
        if (pictures < 2) {
            return new OutputVariation(pictures, OptionalDouble.empty(), OptionalDouble.empty(), 0);
        }
        Map<String, List<float[]>> outputs = new LinkedHashMap<>();
        try (Engine engine =
                engines.open(model.graph(), EngineOptions.defaults().withThreads(threads))) {
            for (int i = 0; i < pictures; i++) {
                Map<String, Tensor> run = engine.run(model.inputs(images).get(i));
                run.forEach((name, value) ->
                        outputs.computeIfAbsent(name, key -> new ArrayList<>()).add(value.values()));
            }
        }
        double[] variations =
                outputs.values().stream().mapToDouble(OutputVariation::relative).toArray();
        List<float[]> scores = model.task().task() instanceof Task.Classification classification
                ? outputs.getOrDefault(classification.scores(), List.of())
                : List.of();
        return new OutputVariation(
                pictures,
                Arrays.stream(variations).max(),
                scores.stream().mapToDouble(OutputVariation::largestProbability).average(),
                scores.isEmpty() ? 0 : scores.getFirst().length);
    }

    /** The variation of one output; infinite where its size, or a value that is no number, differs between pictures. */
    private static double relative(List<float[]> values) {
        int length = values.getFirst().length;
        if (values.stream().anyMatch(value -> value.length != length)) {
            return Double.POSITIVE_INFINITY;
        }
        double deviation = 0;
        double total = 0;
        for (int k = 0; k < length; k++) {
            double mean = 0;
            for (float[] value : values) {
                mean += value[k] / values.size();
            }
            for (float[] value : values) {
                deviation += (value[k] - mean) * (value[k] - mean);
                total += (double) value[k] * value[k];
            }
        }
        if (total == 0) {
            return 0;
        }
        double relative = Math.sqrt(deviation / total);
        return Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative;
    }

    /** Of logits, or of probabilities that a softmax in the model made. */
    private static double largestProbability(float[] scores) {
        double sum = 0;
        double largest = Double.NEGATIVE_INFINITY;
        boolean negative = false;
        for (float score : scores) {
            sum += score;
            largest = Math.max(largest, score);
            negative |= score < 0;
        }
        if (!negative && Math.abs(sum - 1) < 1e-3) {
            return largest;
        }
        double exponentials = 0;
        for (float score : scores) {
            exponentials += Math.exp(score - largest);
        }
        return 1 / exponentials;
    }

    /** Returns whether the answers hardly depend on the picture, or are as unsure as chance. */
    public boolean isBlind() {
        boolean same = relative.isPresent() && relative.getAsDouble() < LEAST_VARIATION;
        boolean unsure = classes >= LEAST_CLASSES
                && certainty.isPresent()
                && certainty.getAsDouble() < LEAST_TIMES_CHANCE / classes;
        return same || unsure;
    }

    /** A sentence for users of a model whose answers tell no pictures apart, with what to check. */
    Optional<String> warning(Model model) {
        if (!isBlind()) {
            return Optional.empty();
        }
        String sure = certainty.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT,
                        ", and its most probable of %d classes has %.2g %% on average",
                        classes,
                        100 * certainty.getAsDouble());
        return Optional.of(String.format(
                Locale.ROOT,
                "the float model gives practically the same answer for every picture: over %d pictures its outputs vary"
                        + " by %.2g %%%s. It is fed wrongly or untrained, and no verdict on its quantized form means"
                        + " anything. Check the preprocessing (%s; %s): what the model is fed can be looked at with"
                        + " vitrail preprocess. Check mean, std and the range of values, the channel order, and the"
                        + " weights.",
                pictures,
                100 * relative.orElse(0),
                sure,
                model.preprocessing().describe(),
                model.origin().label()));
    }
}
