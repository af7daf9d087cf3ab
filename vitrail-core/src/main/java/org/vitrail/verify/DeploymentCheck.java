package org.vitrail.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.vitrail.engine.Engine;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.task.Logits;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.work.Progress;

/**
 * The comparison of the deployed model with the simulation.
 *
 * @param examples number of held-back examples that both were run on
 * @param largestDifference the largest absolute difference of any output value
 * @param differingPredictions number of examples for which the argmax of some row of an output differs
 */
public record DeploymentCheck(int examples, float largestDifference, int differingPredictions) {
    /** Runs both on every example; the two have the same inputs and outputs. */
    public static DeploymentCheck run(Engine deployed, Engine simulated, ExampleSource heldBack, RunContext context) {
        if (!deployed.outputs().equals(simulated.outputs())) {
            throw new VitrailException("the two models cannot be compared: one has the outputs " + deployed.outputs()
                    + ", the other " + simulated.outputs());
        }
        try (Progress.Stage stage = context.progress().begin("checking the exported model", heldBack.size())) {
            List<DeploymentCheck> checks = new ArrayList<>();
            context.runner()
                    .run(
                            List.of(deployed, simulated),
                            heldBack,
                            run -> between(run.outputs().get(0), run.outputs().get(1)),
                            check -> {
                                checks.add(check);
                                stage.step();
                            });
            return checks.stream().reduce(new DeploymentCheck(0, 0, 0), DeploymentCheck::plus);
        }
    }

    private static DeploymentCheck between(Map<String, Tensor> deployed, Map<String, Tensor> simulated) {
        float largest = 0;
        boolean differs = false;
        for (Map.Entry<String, Tensor> output : simulated.entrySet()) {
            float[] wanted = output.getValue().values();
            float[] got = deployed.get(output.getKey()).values();
            if (got.length != wanted.length) {
                throw new VitrailException("the output " + output.getKey() + " has the shape "
                        + deployed.get(output.getKey()) + " in one model and " + output.getValue() + " in the other");
            }
            Logits.requireFinite(got, "the deployed model's output " + output.getKey());
            largest = Math.max(largest, Logits.largestDifference(got, wanted));
            differs |= differs(deployed.get(output.getKey()), output.getValue());
        }
        return new DeploymentCheck(1, largest, differs ? 1 : 0);
    }

    private static boolean differs(Tensor deployed, Tensor simulated) {
        int width = simulated.size() / Math.max(1, simulated.rows());
        for (int from = 0; from < simulated.size(); from += width) {
            if (Logits.top(row(deployed, from, width)) != Logits.top(row(simulated, from, width))) {
                return true;
            }
        }
        return false;
    }

    private static float[] row(Tensor tensor, int from, int width) {
        return Arrays.copyOfRange(tensor.values(), from, from + width);
    }

    private DeploymentCheck plus(DeploymentCheck other) {
        return new DeploymentCheck(
                examples + other.examples,
                Math.max(largestDifference, other.largestDifference),
                differingPredictions + other.differingPredictions);
    }
}
