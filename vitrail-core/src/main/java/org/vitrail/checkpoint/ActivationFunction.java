package org.vitrail.checkpoint;

import java.util.Locale;
import java.util.Optional;

/** The nonlinearity between the two layers of an MLP. */
public enum ActivationFunction {
    /** x Φ(x), Φ the normal distribution function by erf. */
    GELU,
    /** GELU with Φ approximated by a hyperbolic tangent. */
    GELU_TANH,
    /** x sigmoid(1.702 x), as CLIP has it. */
    QUICK_GELU,
    RELU;

    /** The activation that Hugging Face's {@code hidden_act} calls by this name. */
    static Optional<ActivationFunction> named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "gelu" -> Optional.of(GELU);
            case "gelu_new", "gelu_fast", "gelu_tanh", "gelu_pytorch_tanh" -> Optional.of(GELU_TANH);
            case "quick_gelu" -> Optional.of(QUICK_GELU);
            case "relu" -> Optional.of(RELU);
            default -> Optional.empty();
        };
    }
}
