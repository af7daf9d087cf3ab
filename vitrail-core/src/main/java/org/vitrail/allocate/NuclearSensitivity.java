package org.vitrail.allocate;

import java.util.List;
import java.util.Set;
import org.vitrail.allocate.Perturbation.Observed;
import org.vitrail.allocate.TransformerModule.Kind;
import org.vitrail.linalg.LinearAlgebra;

/**
 * Measures the paper's sensitivity [P section 3.4]: Ω_i(b) = (Σ_j σ_j(Y_i)) · ‖Ŷ_i(b) − Y_i‖²₂, the perturbation of a
 * module's output weighted by the output's nuclear norm.
 *
 * <p>Y is the attention map (one matrix [queries × keys] per head) or the output feature of an MLP (one matrix [tokens
 * × channels]); Ŷ(b) is the output of the module for the same float input when it alone is quantized at b bits. The
 * sensitivity is the mean of the products over images and heads. A module whose quantized layers do not affect its
 * attention map is measured by its output feature.
 */
public final class NuclearSensitivity implements Sensitivity {
    @Override
    public double[][] measure(SensitivityTask task) {
        return new Perturbation(NuclearSensitivity::observed, LinearAlgebra::nuclearNorm).measure(task);
    }

    private static List<Observed> observed(TransformerModule module, Set<String> movable) {
        List<Observed> values = module.parts().stream()
                .filter(part -> movable.contains(part.observed()))
                .map(part -> new Observed(part.observed(), part.kind() == Kind.ATTENTION))
                .distinct()
                .toList();
        return values.isEmpty() ? FeatureSensitivity.observed(module, movable) : values;
    }
}
