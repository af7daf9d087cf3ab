package org.vitrail.report;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.vitrail.allocate.Allocation;
import org.vitrail.allocate.Budget;
import org.vitrail.allocate.TransformerModule;
import org.vitrail.quantizer.BitWidth;

/**
 * The bit widths of a model's modules in a mixed-precision run.
 *
 * @param sensitivity how sensitivities were measured
 * @param budget the budget, in words
 * @param candidates the bit widths that each module could have, ascending
 * @param weightsOnly whether activations have the same width everywhere
 * @param averageBits average bits of the weights in the modules
 * @param nominalBytes the float32 model's weights × average bits / 32, which is the size that papers state
 */
public record AllocationReport(
        String sensitivity,
        String budget,
        List<Integer> candidates,
        boolean weightsOnly,
        double averageBits,
        long nominalBytes,
        List<Row> modules) {

    /**
     * One module with its bits and its sensitivities.
     *
     * @param parameters number of weights of its layers
     * @param sensitivities its cost Ω at each candidate width
     */
    public record Row(
            String name, long parameters, int bits, List<Double> sensitivities, List<TransformerModule.Part> parts) {
        public Row {
            sensitivities = List.copyOf(sensitivities);
            parts = List.copyOf(parts);
        }
    }

    public AllocationReport {
        candidates = List.copyOf(candidates);
        modules = List.copyOf(modules);
    }

    /** Returns the report of an allocation; {@code floatBytes} is the size of the model's weights in float32. */
    public static AllocationReport of(Allocation allocation, long floatBytes) {
        List<Integer> candidates =
                allocation.settings().candidates().stream().map(BitWidth::bits).toList();
        List<Row> rows = IntStream.range(0, allocation.modules().size())
                .mapToObj(i -> new Row(
                        allocation.modules().get(i).name(),
                        allocation.modules().get(i).parameters(),
                        allocation.width(i).bits(),
                        IntStream.range(0, candidates.size())
                                .mapToObj(b -> allocation.sensitivities()[i][b])
                                .toList(),
                        allocation.modules().get(i).parts()))
                .toList();
        return new AllocationReport(
                allocation.settings().measure().label(),
                describe(allocation.settings().budget()),
                candidates,
                allocation.settings().weightsOnly(),
                allocation.averageBits(),
                nominalBytes(floatBytes, allocation.averageBits()),
                rows);
    }

    static long nominalBytes(long floatBytes, double bits) {
        return Math.round(floatBytes * bits / 32);
    }

    private static String describe(Budget budget) {
        return switch (budget) {
            case Budget.AverageBits average -> String.format(Locale.ROOT, "%s bits on average", average.bits());
            case Budget.FileSize file ->
                (file.compressed() ? "a compressed file of " : "a file of ") + Units.bytes(file.bytes());
            case Budget.Agreement agreement -> Units.percent(agreement.share()) + " agreement on calibration pictures";
        };
    }

    /** Returns the average bits, the sensitivity and the budget in one sentence. */
    public String sentence() {
        return String.format(
                Locale.ROOT,
                "%.2f bits on average for %s, by %s sensitivity; budget: %s",
                averageBits,
                weightsOnly ? "weights" : "weights and activations",
                sensitivity,
                budget);
    }

    /** Returns a table with one row per block: the bits of its attention and of its MLP. */
    public TextTable table() {
        TextTable table = new TextTable(
                TextTable.Column.right("Block"), TextTable.Column.right("attention"), TextTable.Column.right("MLP"));
        Collection<Integer> blocks = modules.stream()
                .flatMap(module -> module.parts().stream())
                .map(TransformerModule.Part::block)
                .collect(Collectors.toCollection(TreeSet::new));
        for (int block : blocks) {
            table.row(
                    Integer.toString(block),
                    bits(TransformerModule.Kind.ATTENTION, block),
                    bits(TransformerModule.Kind.MLP, block));
        }
        return table;
    }

    /** Returns the bits of the modules that have such a part in this block; a dash where none has. */
    private String bits(TransformerModule.Kind kind, int block) {
        String bits = modules.stream()
                .flatMap(module -> module.parts().stream()
                        .filter(part -> part.kind() == kind && part.block() == block)
                        .map(part -> Integer.toString(module.bits())))
                .collect(Collectors.joining(", "));
        return bits.isEmpty() ? "–" : bits;
    }
}
