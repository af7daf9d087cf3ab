package org.vitrail.export;

import org.vitrail.block.LinearLayer;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.plan.Plan;
import org.vitrail.quantizer.HeadQuantizers;
import org.vitrail.quantizer.QuantizedWeight;
import org.vitrail.shape.Shapes;

/**
 * Writes standard ONNX in the form for which ONNX Runtime has integer kernels: codes in the types of {@link
 * IntegerStorage}, quantizers ahead of data movement ({@link EarlyQuantizers}), norms in elementary operators ({@link
 * SpelledOutNorms}).
 */
final class OnnxRuntimeForm implements TargetForm {
    @Override
    public Graph upgraded(Graph graph, Plan plan) {
        return IntegerStorage.upgraded(graph, plan, true);
    }

    @Override
    public String fakeQuantized(GraphEditor editor, String value, HeadQuantizers quantizers) {
        return new IntegerStorage(editor).fakeQuantized(value, quantizers);
    }

    @Override
    public String weight(GraphEditor editor, QuantizedWeight codes, String name) {
        return new IntegerStorage(editor).dequantized(codes, name);
    }

    /**
     * Returns whether ONNX Runtime would fuse the product and the Add behind it into a Gemm, which it does not run in
     * integers: it does so where the result is a matrix or its shape is fixed, the batch included. It does not fuse y −
     * (−b).
     */
    @Override
    public boolean subtractsBias(LinearLayer layer, Shapes shapes) {
        return shapes.of(layer.output())
                .map(shape -> shape.size() < 3 || shape.stream().allMatch(dim -> dim instanceof Dim.Known))
                .orElse(true);
    }

    @Override
    public Graph finished(Graph graph) {
        return SpelledOutNorms.rewrite(EarlyQuantizers.rewrite(graph)).bare();
    }

    @Override
    public long storedBytes(QuantizedWeight codes) {
        return IntegerStorage.weightType(codes.bits().bits()).bytes(codes.count());
    }
}
