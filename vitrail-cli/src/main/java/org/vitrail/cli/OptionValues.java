package org.vitrail.cli;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.vitrail.allocate.MixedPrecision;
import org.vitrail.compensate.BiasCorrection;
import org.vitrail.image.ResizeFilter;
import org.vitrail.pipeline.AttentionMode;

/** The values that options take, as their help lists them: generated from the enums, so that none is left out. */
abstract class OptionValues implements Iterable<String> {
    private final List<String> labels;

    private OptionValues(Stream<String> labels) {
        this.labels = labels.toList();
    }

    @Override
    public Iterator<String> iterator() {
        return labels.iterator();
    }

    private static <E extends Enum<E>> Stream<String> labels(E[] values, Function<E, String> label) {
        return Arrays.stream(values).map(label);
    }

    /** The label of a constant that has no other: picocli reads it in any case. */
    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static final class AttentionModes extends OptionValues {
        AttentionModes() {
            super(labels(AttentionMode.values(), AttentionMode::label));
        }
    }

    /** Heads of an attention layer share a clipping range. */
    enum Granularity {
        LAYER,
        HEAD
    }

    static final class AttentionIntervals extends OptionValues {
        AttentionIntervals() {
            super(labels(Granularity.values(), OptionValues::lowerCase));
        }
    }

    static final class BiasSources extends OptionValues {
        BiasSources() {
            super(labels(BiasCorrection.Source.values(), OptionValues::lowerCase));
        }
    }

    /** The kinds of sensitivity, and none. */
    static final class Measures extends OptionValues {
        Measures() {
            super(Stream.concat(
                    labels(MixedPrecision.Measure.values(), MixedPrecision.Measure::label), Stream.of("none")));
        }
    }

    static final class Filters extends OptionValues {
        Filters() {
            super(labels(ResizeFilter.values(), ResizeFilter::label));
        }
    }
}
