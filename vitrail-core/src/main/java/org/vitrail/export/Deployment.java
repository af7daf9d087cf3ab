package org.vitrail.export;

import org.vitrail.block.Recognition;
import org.vitrail.graph.Graph;
import org.vitrail.plan.Plan;

/** Writes a plan into a model, in the form in which it is deployed. */
public final class Deployment {
    private Deployment() {}

    /**
     * Returns the quantized model as it is deployed.
     *
     * @throws IllegalArgumentException when the plan names a layer or product that the model does not have
     */
    public static Graph of(Recognition recognition, Plan plan, Target target) {
        Graph quantized = Exporter.export(recognition.graph(), recognition.layers(), plan, target);
        return SpelledOutNorms.rewrite(EarlyQuantizers.rewrite(quantized)).bare();
    }
}
