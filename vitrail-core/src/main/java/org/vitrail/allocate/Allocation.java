package org.vitrail.allocate;

import java.util.List;
import java.util.stream.IntStream;
import org.vitrail.quantizer.BitWidth;

/**
 * The bits that modules got, and what there was to choose from.
 *
 * @param sensitivities Ω of each module (rows) at each candidate (columns); this record's own
 * @param frontier in bytes of weights where the budget is the size of a file, else in bits of weights
 * @param chosen for each module the index of its candidate
 */
public record Allocation(
        MixedPrecision settings,
        List<TransformerModule> modules,
        double[][] sensitivities,
        ParetoFrontier frontier,
        List<Integer> chosen) {
    public Allocation {
        modules = List.copyOf(modules);
        chosen = List.copyOf(chosen);
    }

    /** The width of a module, by its index. */
    public BitWidth width(int module) {
        return settings.candidates().get(chosen.get(module));
    }

    /** Bits of the mean weight in the modules. */
    public double averageBits() {
        return averageBits(chosen);
    }

    /** Bits of the mean weight in the modules under another choice. */
    public double averageBits(List<Integer> choice) {
        long bits = 0;
        for (int i = 0; i < modules.size(); i++) {
            bits += modules.get(i).parameters()
                    * settings.candidates().get(choice.get(i)).bits();
        }
        return (double) bits / parameters();
    }

    /** Weights of all modules. */
    public long parameters() {
        return modules.stream().mapToLong(TransformerModule::parameters).sum();
    }

    /** Σ Ω of the choice. */
    public double sensitivity() {
        return IntStream.range(0, modules.size())
                .mapToDouble(i -> sensitivities[i][chosen.get(i)])
                .sum();
    }
}
