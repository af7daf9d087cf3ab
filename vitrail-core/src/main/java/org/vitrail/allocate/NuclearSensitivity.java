package org.vitrail.allocate;

import java.util.List;
import java.util.Set;
import org.vitrail.allocate.Perturbation.Observed;
import org.vitrail.allocate.TransformerModule.Kind;
import org.vitrail.linalg.LinearAlgebra;

/**
 * The paper's sensitivity [P section 3.4]: Ω_i(b) = (Σ_j σ_j(Y_i)) · ‖Ŷ_i(b) − Y_i‖²₂, the perturbation of a module
 * weighed by the nuclear norm of what it makes.
 *
 * <p>Y is the attention map (one matrix [queries × keys] a head) or the output feature of an MLP (one matrix [tokens ×
 * channels]); Ŷ(b) is what the module makes from the same float input when it alone is quantized at b bits. The mean of
 * the products over images and heads is taken. A module whose attention map no quantized layer can move is judged by its
 * output feature.
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
