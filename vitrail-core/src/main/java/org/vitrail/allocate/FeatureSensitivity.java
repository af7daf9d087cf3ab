package org.vitrail.allocate;

import java.util.List;
import java.util.Set;
import org.vitrail.allocate.Perturbation.Observed;

/**
 * The error that a module adds to the residual stream: Ω_i(b) = ‖F̂_i(b) − F_i‖²₂, F the feature with which an attention
 * (after its projection) or an MLP ends, from the same float input. Attention modules and MLPs are measured in one unit
 * by it, and value and projection layers count, of which the attention map of {@link NuclearSensitivity} knows nothing.
 */
public final class FeatureSensitivity implements Sensitivity {
    @Override
    public double[][] measure(SensitivityTask task) {
        return new Perturbation(FeatureSensitivity::observed, (matrix, rows, columns) -> 1).measure(task);
    }

    static List<Observed> observed(Module module, Set<String> movable) {
        List<String> exits = module.exits().stream().filter(movable::contains).toList();
        // Parts put together in a way that no exit was found for: the layers' own outputs.
        return (exits.isEmpty() ? module.layers() : exits)
                .stream().map(value -> new Observed(value, false)).toList();
    }
}
