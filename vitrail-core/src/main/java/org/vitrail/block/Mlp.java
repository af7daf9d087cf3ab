package org.vitrail.block;

import java.util.Optional;

/**
 * Two linear layers with a nonlinearity between them, on a residual branch. Layers are given by their
 * {@link LinearLayer#output()}.
 *
 * @param gate the layer whose activated result multiplies that of {@code expand} (SwiGLU)
 * @param activation empty where the nonlinearity is none of {@link Activation.Kind}
 */
public record Mlp(String expand, Optional<String> gate, String contract, Optional<Activation> activation) {}
