package org.vitrail.report;

/** A part of the paper's method, or of what goes beyond it, that the ablation switches on and off. */
public enum Component {
    /** Intervals that keep layer outputs similar. */
    SIMILARITY("similarity"),
    /** Intervals in attention that keep the order of its scores too. */
    RANKING("ranking"),
    /** Biases without the mean error. */
    BIAS_CORRECTION("bias correction"),
    /** Bits of its own for each attention module and MLP, at the same average. */
    MIXED_PRECISION("mixed precision"),
    /** Beyond the paper: activation intervals down to a twentieth of the largest value instead of half of it. */
    WIDE_REACH("wide reach"),
    /** Beyond the paper: bits by what quantizing a module does to the outputs. */
    BITS_BY_DIVERGENCE("bits by divergence");

    private final String label;

    Component(String label) {
        this.label = label;
    }

    /** What a table's heading calls it. */
    public String label() {
        return label;
    }
}
