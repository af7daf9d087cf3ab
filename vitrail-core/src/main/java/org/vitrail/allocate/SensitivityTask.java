package org.vitrail.allocate;

import java.util.List;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.graph.Graph;
import org.vitrail.quantizer.BitWidth;

/**
 * The model, modules, bit widths and examples on which a {@link Sensitivity} is measured.
 *
 * @param graph the float model
 * @param inputs calibration examples
 */
public record SensitivityTask(
        Graph graph,
        List<TransformerModule> modules,
        List<BitWidth> widths,
        Quantizer quantizer,
        ExampleSource inputs,
        RunContext context) {

    /** Quantizes the layers and products of one module that lie in a part of the model's graph. */
    @FunctionalInterface
    public interface Quantizer {
        /**
         * Returns the part of the float graph (names as in the whole) with the layers of the module that it holds
         * quantized.
         */
        Graph quantize(Graph part, TransformerModule module, BitWidth width);
    }

    public SensitivityTask {
        modules = List.copyOf(modules);
        widths = List.copyOf(widths);
    }
}
