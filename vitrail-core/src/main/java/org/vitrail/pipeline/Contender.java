package org.vitrail.pipeline;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.vitrail.allocate.Budget;
import org.vitrail.allocate.MixedPrecision;
import org.vitrail.compensate.BiasCorrection;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.report.Component;
import org.vitrail.search.AttentionConfig;
import org.vitrail.search.Candidates;
import org.vitrail.search.SearchConfig;

/**
 * A row of the paper's two tables: of the one that puts methods side by side, of the one that takes the paper's method
 * apart, or of both. Each is a configuration, made of the parts that every other run is made of.
 */
public enum Contender {
    MINMAX(Preset.MINMAX),
    PERCENTILE(Preset.PERCENTILE),
    MSE(Preset.MSE),
    EASYQUANT(Preset.EASYQUANT),
    BIT_SPLIT(Preset.BIT_SPLIT),
    PTQ4VIT(Preset.PTQ4VIT),
    SIMILARITY(false, Component.SIMILARITY),
    RANKING(false, Component.SIMILARITY, Component.RANKING),
    BIAS_CORRECTION(false, Component.SIMILARITY, Component.BIAS_CORRECTION),
    PAPER(true, Component.SIMILARITY, Component.RANKING, Component.BIAS_CORRECTION),
    MIXED_PRECISION(false, Component.SIMILARITY, Component.MIXED_PRECISION),
    PAPER_MIXED(true, Component.SIMILARITY, Component.RANKING, Component.BIAS_CORRECTION, Component.MIXED_PRECISION),
    PAPER_WIDE(true, Component.SIMILARITY, Component.RANKING, Component.BIAS_CORRECTION, Component.WIDE_REACH),
    PAPER_DIVERGENCE(
            true, Component.SIMILARITY, Component.RANKING, Component.BIAS_CORRECTION, Component.BITS_BY_DIVERGENCE),
    BEST(Preset.BEST);

    /** How far the bits of a module may lie from the average: 4 to 8 for 6 bits, 6 to 10 for 8 [P section 4]. */
    private static final int REACH = 2;

    /** As fine as the paper's candidates, and as far as attention probabilities need: most are close to zero. */
    private static final Candidates WIDE = new Candidates(0.05, 1.2, 164, 3);

    private final Preset preset;
    private final boolean method;
    private final Set<Component> components;

    /** A row of the first table only. */
    Contender(Preset preset) {
        this.preset = preset;
        this.method = true;
        this.components = Set.of();
    }

    /** A row of the second table: the paper's method with these of its parts. */
    Contender(boolean method, Component... components) {
        this.preset = Preset.PAPER;
        this.method = method;
        this.components = Set.of(components);
    }

    /** The name that users give. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Contender> ofName(String name) {
        return Arrays.stream(values())
                .filter(contender -> contender.label().equalsIgnoreCase(name))
                .findFirst();
    }

    /** Whether it is a row of the first table. */
    public boolean isMethod() {
        return method;
    }

    /** The parts of the paper's method that it has, where it is a row of the second table; else none. */
    public Set<Component> components() {
        return components;
    }

    /** How this contender quantizes, where everything that it does not decide is as {@code base} says. */
    public QuantizationConfig configuration(QuantizationConfig base) {
        QuantizationConfig config = base.withMethod(preset.method());
        if (components.isEmpty()) {
            return config;
        }
        QuantizationConfig uniform = config.withMethod(with(components, config.method()));
        if (components.contains(Component.BITS_BY_DIVERGENCE)) {
            return uniform.withMixedPrecision(mixed(base.bits()).withMeasure(MixedPrecision.Measure.DIVERGENCE));
        }
        return components.contains(Component.MIXED_PRECISION)
                ? uniform.withMixedPrecision(mixed(base.bits()))
                : uniform;
    }

    private static Method with(Set<Component> components, Method method) {
        SearchConfig search = method.search();
        AttentionConfig attention = components.contains(Component.RANKING)
                ? search.attention()
                : search.attention().withRanking(Optional.empty());
        SearchConfig reaching =
                components.contains(Component.WIDE_REACH) ? search.withActivationCandidates(WIDE) : search;
        BiasCorrection.Source biases =
                components.contains(Component.BIAS_CORRECTION) ? method.biasCorrection() : BiasCorrection.Source.NONE;
        return method.withSearch(reaching.withAttention(attention)).withBiasCorrection(biases);
    }

    /** The weights' bits on average; activations go with them where they have as many. */
    private static MixedPrecision mixed(Bits bits) {
        int average = bits.weights().bits();
        return MixedPrecision.defaults()
                .withCandidates(MixedPrecision.widths(
                        Math.max(BitWidth.LEAST, average - REACH), Math.min(BitWidth.MOST, average + REACH)))
                .withBudget(new Budget.AverageBits(average))
                .withWeightsOnly(!bits.weights().equals(bits.activations()));
    }
}
