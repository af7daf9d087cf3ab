package org.vitrail.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.vitrail.allocate.Budget;
import org.vitrail.allocate.MixedPrecision;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.report.Units;
import org.vitrail.tensor.VitrailException;
import picocli.CommandLine.Option;

/** The options for mixed precision: a separate bit width for every attention module and MLP. */
final class MixedPrecisionOptions {
    @Option(
            names = "--mixed-precision",
            paramLabel = "MEASURE",
            completionCandidates = OptionValues.Measures.class,
            description = "Give each attention module and MLP bits of its own, by this sensitivity:"
                    + " ${COMPLETION-CANDIDATES} (default: divergence where a budget is given, else none).")
    private String mixed;

    @Option(
            names = "--candidates",
            defaultValue = "4,5,6,7,8",
            split = ",",
            paramLabel = "B",
            description = "Bits that a module may have (default: ${DEFAULT-VALUE}).")
    private List<Integer> candidates;

    @Option(
            names = "--average-bits",
            paramLabel = "B",
            description =
                    "Budget: average bits of the modules' weights (default: none; 6 where mixed precision is asked for"
                            + " without a budget).")
    private Double averageBits;

    @Option(
            names = "--max-size",
            paramLabel = "SIZE",
            description = "Budget: the size of the file, as in 5MB; with --compress that of the archive.")
    private String maxSize;

    @Option(
            names = "--min-agreement",
            paramLabel = "SHARE",
            description =
                    "Budget: the fewest bits with which this share of the calibration pictures is predicted as by the"
                            + " float model, as in 0.98.")
    private Double minAgreement;

    @Option(
            names = "--mixed-weights-only",
            description = "Activations keep the bits of --bits; only weights get those of their module.")
    private boolean weightsOnly;

    @Option(
            names = "--frontier",
            paramLabel = "DIR",
            description = "Write the best choice of bits at each size to DIR as frontier.csv, .json and .svg.")
    private Path frontier;

    /** Returns the settings for a file that is written {@code compressed} or not; empty without mixed precision. */
    Optional<MixedPrecision> settings(long seed, boolean compressed) {
        long budgets = Stream.of(averageBits, maxSize, minAgreement)
                .filter(budget -> budget != null)
                .count();
        if (budgets > 1) {
            throw new VitrailException(
                    "--average-bits, --max-size and --min-agreement are three kinds of budget: give one of them");
        }
        String name = mixed == null ? budgets > 0 || frontier != null ? "divergence" : "none" : mixed;
        if (name.equalsIgnoreCase("none")) {
            if (budgets > 0 || frontier != null || weightsOnly) {
                throw new VitrailException(
                        "a budget, --frontier and --mixed-weights-only belong to mixed precision: give"
                                + " --mixed-precision divergence, or leave them out");
            }
            return Optional.empty();
        }
        return Optional.of(MixedPrecision.defaults()
                .withMeasure(measure(name))
                .withCandidates(widths())
                .withBudget(budget(compressed))
                .withWeightsOnly(weightsOnly)
                .withSeed(seed));
    }

    private static MixedPrecision.Measure measure(String name) {
        return Arrays.stream(MixedPrecision.Measure.values())
                .filter(measure -> measure.label().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new VitrailException("--mixed-precision takes "
                        + String.join(
                                ", ",
                                Arrays.stream(MixedPrecision.Measure.values())
                                        .map(MixedPrecision.Measure::label)
                                        .toList())
                        + " or none, got " + name));
    }

    private List<BitWidth> widths() {
        return candidates.stream()
                .peek(bits -> {
                    if (bits < BitWidth.MIN_BITS || bits > BitWidth.MAX_BITS) {
                        throw new VitrailException("--candidates takes widths of " + BitWidth.MIN_BITS + " to "
                                + BitWidth.MAX_BITS + " bits, got " + bits);
                    }
                })
                .sorted()
                .distinct()
                .map(BitWidth::new)
                .toList();
    }

    private Budget budget(boolean compressed) {
        if (maxSize != null) {
            return new Budget.FileSize(Units.parseBytes(maxSize), compressed);
        }
        if (minAgreement != null) {
            return new Budget.Agreement(minAgreement);
        }
        return new Budget.AverageBits(averageBits == null ? 6 : averageBits);
    }

    /** Creates the folder of the frontier, where one is wanted; throws where that fails. */
    void prepare() {
        if (frontier != null) {
            try {
                Files.createDirectories(frontier);
            } catch (IOException e) {
                throw new VitrailException(frontier + " cannot be made: give a folder for the frontier", e);
            }
        }
    }

    /** Returns the folder for the frontier, where one is wanted. */
    Optional<Path> frontier() {
        return Optional.ofNullable(frontier);
    }
}
