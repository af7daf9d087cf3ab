package org.vitrail.export;

import org.vitrail.block.LinearLayer;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.Weight;
import org.vitrail.plan.Plan;
import org.vitrail.quantizer.HeadQuantizers;
import org.vitrail.quantizer.QuantizedWeight;
import org.vitrail.shape.Shapes;

/** Writes fake-quantized float weights, and quantizers of activations as {@link OnnxRuntimeForm} does. */
final class SimulatedForm implements TargetForm {
    @Override
    public Graph upgraded(Graph graph, Plan plan) {
        return IntegerStorage.upgraded(graph, plan, false);
    }

    @Override
    public String fakeQuantized(GraphEditor editor, String value, HeadQuantizers quantizers) {
        return new IntegerStorage(editor).fakeQuantized(value, quantizers);
    }

    @Override
    public String weight(GraphEditor editor, QuantizedWeight codes, String name) {
        return editor.add(
                name + "_simulated", Weight.ofFloats(new int[] {codes.rows(), codes.columns()}, codes.dequantize()));
    }

    @Override
    public boolean subtractsBias(LinearLayer layer, Shapes shapes) {
        return false;
    }

    @Override
    public Graph finished(Graph graph) {
        return graph;
    }

    @Override
    public long storedBytes(QuantizedWeight codes) {
        return (long) Float.BYTES * codes.count();
    }
}
