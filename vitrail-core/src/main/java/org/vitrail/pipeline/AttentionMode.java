package org.vitrail.pipeline;

import java.util.Locale;

/** The arithmetic of attention's products Q·Kᵀ and P·V. */
public enum AttentionMode {
    /** They stay float: at 8 bits integers bring them no speed. */
    FLOAT,
    /** Their four operands are quantized at the activation bits, as the method's attention says. */
    QUANTIZED;

    /** The name that users give. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
