package org.vitrail.export;

import java.util.List;
import org.vitrail.block.LinearLayer;
import org.vitrail.block.Recognition;
import org.vitrail.graph.Graph;
import org.vitrail.plan.Plan;
import org.vitrail.quantizer.QuantizedWeight;

/** Writes a plan into a model, in the form of a target. */
public final class Deployment {
    private Deployment() {}

    /**
     * Returns the quantized model as it is deployed.
     *
     * @throws IllegalArgumentException when the plan names a layer or product that the model does not have
     */
    public static Graph of(Recognition recognition, Plan plan, Target target) {
        return target.form().finished(ofPart(recognition.graph(), recognition.layers(), plan, target));
    }

    /**
     * Returns a part of a model with its quantizers. The rewrites that make the whole model fast are not applied: their
     * float rounding would change what is measured on the part.
     *
     * @param part a graph with all values that the plan names
     * @param layers linear layers of the model; those that the plan does not name stay float
     * @throws IllegalArgumentException when the plan names a layer or product that is not there
     */
    public static Graph ofPart(Graph part, List<LinearLayer> layers, Plan plan, Target target) {
        return Exporter.export(part, layers, plan, target.form());
    }

    /** Returns the bytes that a weight takes in a file for this target. */
    public static long storedBytes(QuantizedWeight weight, Target target) {
        return target.form().storedBytes(weight);
    }
}
