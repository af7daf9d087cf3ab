package org.vitrail.ablation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.vitrail.report.Units;

/**
 * A variant at one width over all draws of calibration images, as the tables show it: means, and the spread of KL.
 *
 * @param draws its cells, at least one, in the order of the seeds
 */
record AblationRow(List<AblationCell> draws) {
    AblationRow {
        draws = List.copyOf(draws);
        if (draws.isEmpty()) {
            throw new IllegalArgumentException("a row has at least one draw");
        }
    }

    /** The key of a row. */
    private record Name(String bits, AblationCell.Row row) {}

    /** Returns the rows of cells, in the order of the first cell of each. */
    static List<AblationRow> of(List<AblationCell> cells) {
        Map<Name, List<AblationCell>> rows = new LinkedHashMap<>();
        cells.forEach(cell -> rows.computeIfAbsent(new Name(cell.bits(), cell.row()), name -> new ArrayList<>())
                .add(cell));
        return rows.values().stream().map(AblationRow::new).toList();
    }

    AblationCell.Row row() {
        return draws.getFirst().row();
    }

    String bits() {
        return draws.getFirst().bits();
    }

    /** Empty without labels. */
    OptionalDouble top1() {
        return draws.stream().allMatch(cell -> cell.top1().isPresent())
                ? OptionalDouble.of(mean(cell -> cell.top1().getAsDouble()))
                : OptionalDouble.empty();
    }

    double agreement() {
        return mean(AblationCell::agreement);
    }

    /** Returns the mean, with more than one draw ± the sample standard deviation, √(Σ (KL − mean)² / (draws − 1)). */
    String meanKl() {
        double mean = mean(AblationCell::meanKlNats);
        if (draws.size() == 1) {
            return Units.digits(mean);
        }
        double squares = draws.stream()
                .mapToDouble(cell -> Math.pow(cell.meanKlNats() - mean, 2))
                .sum();
        return Units.spread(mean, Math.sqrt(squares / (draws.size() - 1)));
    }

    /**
     * Returns {@code −6.7 % (5 of 5)}: the mean over draws of (KL − other KL) / other KL, and in how many draws KL is
     * lower than the other's. Compared draw by draw, because a draw shifts all rows together; {@code other} has the
     * same draws.
     */
    String klAgainst(AblationRow other) {
        double[] changes = IntStream.range(0, draws.size())
                .mapToDouble(i -> draws.get(i).meanKlNats() / other.draws.get(i).meanKlNats() - 1)
                .toArray();
        return Units.change(Arrays.stream(changes).average().orElseThrow()) + " ("
                + Arrays.stream(changes).filter(change -> change < 0).count() + " of " + draws.size() + ")";
    }

    long bytes() {
        return meanBytes(AblationCell::bytes);
    }

    /** Empty where a file is too large to be compressed. */
    OptionalLong compressedBytes() {
        return draws.stream().allMatch(cell -> cell.compressedBytes().isPresent())
                ? OptionalLong.of(meanBytes(cell -> cell.compressedBytes().getAsLong()))
                : OptionalLong.empty();
    }

    long nominalBytes() {
        return meanBytes(AblationCell::nominalBytes);
    }

    private double mean(ToDoubleFunction<AblationCell> figure) {
        return draws.stream().mapToDouble(figure).average().orElseThrow();
    }

    private long meanBytes(ToLongFunction<AblationCell> size) {
        return Math.round(draws.stream().mapToLong(size).average().orElseThrow());
    }
}
