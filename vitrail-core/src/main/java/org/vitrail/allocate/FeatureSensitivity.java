package org.vitrail.allocate;

import java.util.List;
import java.util.Set;
import org.vitrail.allocate.Perturbation.Observed;
import org.vitrail.allocate.Perturbation.Weight;
import org.vitrail.linalg.LinearAlgebra;

/**
 * Measures the error that a module adds to the residual stream: Ω_i(b) = w(F_i) · ‖F̂_i(b) − F_i‖²₂, F the feature that
 * an attention (after its projection) or an MLP outputs, computed from the same float input. Attention modules and MLPs
 * are measured in the same unit, and value and projection layers count, which do not affect the attention map of
 * {@link NuclearSensitivity}.
 */
public final class FeatureSensitivity implements Sensitivity {
    private final Weight weight;

    private FeatureSensitivity(Weight weight) {
        this.weight = weight;
    }

    /** All errors are weighted equally: w = 1. */
    public static FeatureSensitivity even() {
        return new FeatureSensitivity((matrix, rows, columns) -> 1);
    }

    /** Errors are weighted by the nuclear norm, as in the paper: w(F) = Σ_j σ_j(F). */
    public static FeatureSensitivity nuclear() {
        return new FeatureSensitivity(LinearAlgebra::nuclearNorm);
    }

    @Override
    public double[][] measure(SensitivityTask task) {
        return new Perturbation(FeatureSensitivity::observed, weight).measure(task);
    }

    static List<Observed> observed(TransformerModule module, Set<String> movable) {
        List<String> exits = module.exits().stream().filter(movable::contains).toList();
        // Modules without a recognised exit: the outputs of their layers.
        return (exits.isEmpty() ? module.layers() : exits)
                .stream().map(value -> new Observed(value, false)).toList();
    }
}
