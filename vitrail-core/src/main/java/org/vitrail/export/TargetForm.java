package org.vitrail.export;

import org.vitrail.block.LinearLayer;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.plan.Plan;
import org.vitrail.quantizer.HeadQuantizers;
import org.vitrail.quantizer.QuantizedWeight;
import org.vitrail.shape.Shapes;

/** The form in which the graphs of a {@link Target} store quantizers, weights and biases. Implementations have no state. */
interface TargetForm {
    /** Returns the graph in an operator set that has the types which the plan needs. */
    Graph upgraded(Graph graph, Plan plan);

    /** Adds the fake quantization of a value and returns the name of the result. */
    String fakeQuantized(GraphEditor editor, String value, HeadQuantizers quantizers);

    /**
     * Adds the float value of a quantized weight, [inputs × outputs], and returns its name.
     *
     * @param name of the float weight
     */
    String weight(GraphEditor editor, QuantizedWeight codes, String name);

    /** Returns whether a bias b behind the layer's product y is written y − (−b), which is the same to the bit. */
    boolean subtractsBias(LinearLayer layer, Shapes shapes);

    /** Rewrites the whole graph once all quantizers are in it; outputs agree to float rounding. */
    Graph finished(Graph graph);

    /** Returns the bytes that a weight takes in a file. */
    long storedBytes(QuantizedWeight codes);
}
