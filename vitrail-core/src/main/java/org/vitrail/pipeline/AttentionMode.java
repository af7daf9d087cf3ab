package org.vitrail.pipeline;

import java.util.Locale;

/** The arithmetic of attention's products Q·Kᵀ and P·V. */
public enum AttentionMode {
    /** The products stay float; at 8 bits, integer attention is no faster in ONNX Runtime. */
    FLOAT,
    /** The four operands Q, K, P and V are quantized at the bit width of the activations. */
    QUANTIZED;

    /** Returns the name that users give. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
