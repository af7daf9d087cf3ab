package org.vitrail.cli;

import java.util.Optional;
import org.vitrail.pipeline.AttentionMode;
import org.vitrail.pipeline.Method;
import org.vitrail.pipeline.QuantizationConfig;
import org.vitrail.search.AttentionConfig;
import org.vitrail.search.Objective;
import org.vitrail.search.Ranking;
import org.vitrail.search.SearchConfig;
import org.vitrail.tensor.VitrailException;
import picocli.CommandLine.Option;

/** The options for the quantization of attention products. */
final class AttentionOptions {
    @Option(
            names = "--attention",
            paramLabel = "MODE",
            completionCandidates = OptionValues.AttentionModes.class,
            description =
                    "Arithmetic of the attention products: ${COMPLETION-CANDIDATES} (default: float for best, quantized for"
                            + " all other presets).")
    private AttentionMode attention;

    @Option(
            names = "--theta",
            paramLabel = "T",
            description =
                    "Ranking-aware search: the margin by which a pair of scores must keep its order (paper: 0.2).")
    private Double theta;

    @Option(
            names = "--gamma",
            paramLabel = "G",
            description = "Ranking-aware search: the weight of the ranking loss; 0 turns it off (paper: 0.1).")
    private Double gamma;

    @Option(
            names = "--attention-intervals",
            paramLabel = "UNIT",
            completionCandidates = OptionValues.AttentionIntervals.class,
            description =
                    "Granularity of attention operands, one of ${COMPLETION-CANDIDATES}: one clipping range for all"
                            + " heads of a layer, or one per head (default: layer).")
    private OptionValues.Granularity intervals;

    /** Returns the configuration with the user's options in place of the preset's. */
    QuantizationConfig applyTo(QuantizationConfig config) {
        Method method = config.method();
        SearchConfig search = method.search();
        AttentionConfig wanted = granularity(ranking(search.attention()));
        QuantizationConfig changed = config.withMethod(method.withSearch(search.withAttention(wanted)));
        return attention == null ? changed : changed.withAttention(attention);
    }

    private AttentionConfig ranking(AttentionConfig config) {
        if (theta == null && gamma == null) {
            return config;
        }
        requireOutput(config, theta == null ? "--gamma" : "--theta");
        Ranking before = config.ranking().orElse(Ranking.PAPER);
        double newTheta = theta == null ? before.theta() : notNegative("--theta", theta);
        double newGamma = gamma == null ? before.gamma() : notNegative("--gamma", gamma);
        return config.withRanking(newGamma == 0 ? Optional.empty() : Optional.of(new Ranking(newTheta, newGamma)));
    }

    private AttentionConfig granularity(AttentionConfig config) {
        if (intervals == null) {
            return config;
        }
        return switch (intervals) {
            case LAYER -> config.withGranularity(AttentionConfig.Granularity.PER_LAYER);
            case HEAD -> {
                requireOutput(config, "--attention-intervals head");
                yield config.withGranularity(AttentionConfig.Granularity.PER_HEAD);
            }
        };
    }

    private static void requireOutput(AttentionConfig config, String option) {
        if (config.scope() != Objective.Scope.OUTPUT) {
            throw new VitrailException(option + " is for presets that search attention by the output of its products,"
                    + " such as --preset paper; this one looks at each operand by itself");
        }
    }

    private static double notNegative(String option, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new VitrailException(option + " takes a number of zero or more, got " + value);
        }
        return value;
    }
}
