package org.vitrail.allocate;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.tensor.VitrailException;

/**
 * The settings of mixed precision: how bit widths are assigned to modules.
 *
 * @param measure the sensitivity to measure
 * @param candidates bit widths that a module may have, ascending, without duplicates
 * @param weightsOnly whether activations keep the width of the configuration instead of, as in the paper, the width of
 * their module's weights
 * @param images maximum number of calibration images on which sensitivities are measured
 * @param seed seed of random sensitivities
 */
public record MixedPrecision(
        Measure measure, List<BitWidth> candidates, Budget budget, boolean weightsOnly, int images, long seed) {

    /** The kinds of {@link Sensitivity}. */
    public enum Measure {
        /** {@link NuclearSensitivity}: the paper's sensitivity. */
        NUCLEAR,
        /** {@link FeatureSensitivity#nuclear()}: the paper's sensitivity in one unit for attention and MLPs. */
        NUCLEAR_FEATURE,
        /** {@link FeatureSensitivity#even()}. */
        FEATURE,
        /** {@link DivergenceSensitivity}. */
        DIVERGENCE,
        /** {@link RandomSensitivity}: for comparison. */
        RANDOM;

        /** Returns the name of the measure on the command line. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public MixedPrecision {
        candidates = List.copyOf(candidates);
        if (candidates.isEmpty()) {
            throw new VitrailException("mixed precision needs widths to choose from, as 4,5,6,7,8; got none");
        }
        for (int i = 1; i < candidates.size(); i++) {
            if (candidates.get(i - 1).bits() >= candidates.get(i).bits()) {
                throw new VitrailException(
                        "the widths to choose from ascend and none comes twice, as 4,5,6,7,8; got " + candidates);
            }
        }
        if (images < 1) {
            throw new VitrailException("sensitivities are measured on one image at least, got " + images);
        }
    }

    /**
     * The paper's settings for a budget of 6 bits: nuclear norm, 4 to 8 bits for weights and activations; 32 images.
     */
    public static MixedPrecision defaults() {
        return new MixedPrecision(Measure.NUCLEAR, widths(4, 8), new Budget.AverageBits(6), false, 32, 0);
    }

    /** Returns all bit widths from {@code least} to {@code most}. */
    public static List<BitWidth> widths(int least, int most) {
        return IntStream.rangeClosed(least, most).mapToObj(BitWidth::new).toList();
    }

    /** All settings as one line; it is written into files, so that its form stays whatever classes are called. */
    public String describe() {
        return "MixedPrecision[measure=" + measure.name()
                + ", candidates=" + candidates
                + ", budget=" + budget.describe()
                + ", weightsOnly=" + weightsOnly
                + ", images=" + images
                + ", seed=" + seed + "]";
    }

    public MixedPrecision withMeasure(Measure newMeasure) {
        return new MixedPrecision(newMeasure, candidates, budget, weightsOnly, images, seed);
    }

    public MixedPrecision withCandidates(List<BitWidth> newCandidates) {
        return new MixedPrecision(measure, newCandidates, budget, weightsOnly, images, seed);
    }

    public MixedPrecision withBudget(Budget newBudget) {
        return new MixedPrecision(measure, candidates, newBudget, weightsOnly, images, seed);
    }

    public MixedPrecision withWeightsOnly(boolean newWeightsOnly) {
        return new MixedPrecision(measure, candidates, budget, newWeightsOnly, images, seed);
    }

    public MixedPrecision withImages(int newImages) {
        return new MixedPrecision(measure, candidates, budget, weightsOnly, newImages, seed);
    }

    public MixedPrecision withSeed(long newSeed) {
        return new MixedPrecision(measure, candidates, budget, weightsOnly, images, newSeed);
    }
}
