package org.vitrail.ablation;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.vitrail.allocate.Budget;
import org.vitrail.allocate.MixedPrecision;
import org.vitrail.allocate.MixedPrecision.Measure;
import org.vitrail.compensate.BiasCorrection;
import org.vitrail.pipeline.Bits;
import org.vitrail.pipeline.Method;
import org.vitrail.pipeline.Preset;
import org.vitrail.pipeline.QuantizationConfig;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.search.AttentionConfig;

/**
 * A row of the paper's two tables: of the table of methods, of the table of components of the paper's method, or of
 * both. Each is a configuration, made of the parts that every other run is made of.
 */
public enum AblationVariant {
    MINMAX(Preset.MINMAX),
    PERCENTILE(Preset.PERCENTILE),
    MSE(Preset.MSE),
    EASYQUANT(Preset.EASYQUANT),
    BIT_SPLIT(Preset.BIT_SPLIT),
    PTQ4VIT(Preset.PTQ4VIT),
    SIMILARITY(Preset.PAPER, Set.of(Component.SIMILARITY)),
    RANKING(Preset.PAPER, Set.of(Component.SIMILARITY, Component.RANKING)),
    BIAS_CORRECTION(Preset.PAPER, Set.of(Component.SIMILARITY, Component.BIAS_CORRECTION)),
    PAPER(Preset.PAPER, Part.ALL),
    MIXED_PRECISION(Preset.PAPER, Set.of(Component.SIMILARITY), Measure.NUCLEAR, 0),
    PAPER_MIXED(Preset.PAPER, Part.ALL, Measure.NUCLEAR, 0),
    NORMALISED_SIMILARITY(Preset.PAPER_NORMALISED, Set.of(Component.SIMILARITY)),
    NORMALISED_RANKING(Preset.PAPER_NORMALISED, Set.of(Component.SIMILARITY, Component.RANKING)),
    NORMALISED_BIAS_CORRECTION(Preset.PAPER_NORMALISED, Set.of(Component.SIMILARITY, Component.BIAS_CORRECTION)),
    PAPER_NORMALISED(Preset.PAPER_NORMALISED, Part.ALL),
    NORMALISED_MIXED_PRECISION(Preset.PAPER_NORMALISED, Set.of(Component.SIMILARITY), Measure.NUCLEAR_FEATURE, 0),
    PAPER_NORMALISED_MIXED(Preset.PAPER_NORMALISED, Part.ALL, Measure.NUCLEAR_FEATURE, 0),
    BITS_BY_NUCLEAR(Preset.PAPER_NORMALISED, Part.ALL, Measure.NUCLEAR, 0),
    BITS_BY_FEATURE(Preset.PAPER_NORMALISED, Part.ALL, Measure.FEATURE, 0),
    BITS_BY_DIVERGENCE(Preset.PAPER_NORMALISED, Part.ALL, Measure.DIVERGENCE, 0),
    RANDOM_BITS_1(Preset.PAPER_NORMALISED, Part.ALL, Measure.RANDOM, 1),
    RANDOM_BITS_2(Preset.PAPER_NORMALISED, Part.ALL, Measure.RANDOM, 2),
    RANDOM_BITS_3(Preset.PAPER_NORMALISED, Part.ALL, Measure.RANDOM, 3),
    BEST(Preset.BEST);

    /** Largest deviation of a module's bits from the average: 4 to 8 for 6 bits, 6 to 10 for 8 [P section 4]. */
    private static final int MAX_BIT_DEVIATION = 2;

    private final Preset preset;
    private final Set<Component> components;
    private final Optional<Sensitivities> bitsBy;

    private static final class Part {
        static final Set<Component> ALL = Set.of(Component.SIMILARITY, Component.RANKING, Component.BIAS_CORRECTION);
    }

    /** The sensitivity that assigns bits to modules. */
    private record Sensitivities(Measure measure, long seed) {
        String label() {
            return measure == Measure.RANDOM ? measure.label() + " " + seed : measure.label();
        }
    }

    /** A row of the table of methods only. */
    AblationVariant(Preset preset) {
        this(preset, Set.of(), Optional.empty());
    }

    /** A row of the table of components: the paper's method with these of its components. */
    AblationVariant(Preset preset, Set<Component> components) {
        this(preset, components, Optional.empty());
    }

    /** A row of the table of components in mixed precision. */
    AblationVariant(Preset preset, Set<Component> components, Measure measure, long seed) {
        this(preset, components, Optional.of(new Sensitivities(measure, seed)));
    }

    AblationVariant(Preset preset, Set<Component> components, Optional<Sensitivities> bitsBy) {
        this.preset = preset;
        this.components = components;
        this.bitsBy = bitsBy;
    }

    /** Returns the name on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<AblationVariant> ofName(String name) {
        return Arrays.stream(values())
                .filter(contender -> contender.label().equalsIgnoreCase(name))
                .findFirst();
    }

    /** Returns whether it is a row of the table of methods: a method with all of its parts. */
    public boolean isMethod() {
        return components.isEmpty() || components.equals(Part.ALL);
    }

    /** Returns its components of the paper's method, where it is a row of the table of components; else none. */
    public Set<Component> components() {
        Set<Component> all = EnumSet.noneOf(Component.class);
        all.addAll(components);
        if (!components.isEmpty() && preset == Preset.PAPER_NORMALISED) {
            all.add(Component.NORMALISED);
        }
        return all;
    }

    /** Returns the sensitivity that assigns bits to modules, in words; empty where all have the same bits. */
    public Optional<String> bitsBy() {
        return bitsBy.map(Sensitivities::label);
    }

    /** Returns the configuration of this variant, with everything that it does not decide as in {@code base}. */
    public QuantizationConfig configuration(QuantizationConfig base) {
        QuantizationConfig uniform = base.withMethod(method());
        return bitsBy.map(by -> uniform.withMixedPrecision(
                        mixed(base.bits()).withMeasure(by.measure).withSeed(by.seed)))
                .orElse(uniform);
    }

    /** Returns the preset's method, without the components that a row of the table of components does not have. */
    private Method method() {
        Method method = preset.method();
        if (components.isEmpty()) {
            return method;
        }
        AttentionConfig attention = method.search().attention();
        if (!components.contains(Component.RANKING)) {
            method = method.withSearch(method.search().withAttention(attention.withRanking(Optional.empty())));
        }
        return components.contains(Component.BIAS_CORRECTION)
                ? method
                : method.withBiasCorrection(BiasCorrection.Source.NONE);
    }

    /** Returns mixed precision with these average bits of weights; activations follow where theirs are the same. */
    private static MixedPrecision mixed(Bits bits) {
        int average = bits.weights().bits();
        return MixedPrecision.defaults()
                .withCandidates(MixedPrecision.widths(
                        Math.max(BitWidth.MIN_BITS, average - MAX_BIT_DEVIATION),
                        Math.min(BitWidth.MAX_BITS, average + MAX_BIT_DEVIATION)))
                .withBudget(new Budget.AverageBits(average))
                .withWeightsOnly(!bits.weights().equals(bits.activations()));
    }
}
