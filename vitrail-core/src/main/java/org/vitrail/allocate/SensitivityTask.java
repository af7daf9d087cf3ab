package org.vitrail.allocate;

import java.util.List;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.graph.Graph;
import org.vitrail.quantizer.BitWidth;

/**
 * What sensitivities are measured of, and on what.
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

    /** Quantizes what it finds of one module in a part of the model's graph. */
    @FunctionalInterface
    public interface Quantizer {
        /** The part of the float graph, in which names are those of the whole, with its layers of the module quantized. */
        Graph quantize(Graph part, TransformerModule module, BitWidth width);
    }

    public SensitivityTask {
        modules = List.copyOf(modules);
        widths = List.copyOf(widths);
    }
}
