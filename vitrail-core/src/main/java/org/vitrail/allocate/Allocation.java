package org.vitrail.allocate;

import java.util.List;
import java.util.stream.IntStream;
import org.vitrail.quantizer.BitWidth;

/**
 * The bit widths chosen for the modules, with the candidates and sensitivities that the choice was made from.
 *
 * @param sensitivities Ω of each module (rows) at each candidate (columns); the internal array
 * @param frontier the Pareto frontier, in bytes of weights where the budget is a file size, else in bits of weights
 * @param chosen for each module the index of its candidate width
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

    /** Returns the width of a module, by its index. */
    public BitWidth width(int module) {
        return settings.candidates().get(chosen.get(module));
    }

    /** Returns the average bits of the weights in the modules. */
    public double averageBits() {
        return averageBits(chosen);
    }

    /** Returns the average bits of the weights in the modules under another choice. */
    public double averageBits(List<Integer> choice) {
        long bits = 0;
        for (int i = 0; i < modules.size(); i++) {
            bits += modules.get(i).parameters()
                    * settings.candidates().get(choice.get(i)).bits();
        }
        return (double) bits / parameters();
    }

    /** Returns the number of weights of all modules. */
    public long parameters() {
        return modules.stream().mapToLong(TransformerModule::parameters).sum();
    }

    /** Returns the sum of sensitivities Σ Ω of the choice. */
    public double sensitivity() {
        return IntStream.range(0, modules.size())
                .mapToDouble(i -> sensitivities[i][chosen.get(i)])
                .sum();
    }
}
