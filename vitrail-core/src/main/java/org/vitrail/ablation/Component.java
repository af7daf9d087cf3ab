package org.vitrail.ablation;

/** A part of the paper's method, or of what goes beyond it, that the ablation switches on and off. */
public enum Component {
    /** Intervals that keep layer outputs similar. */
    SIMILARITY("similarity"),
    /** Intervals in attention that keep the order of its scores too. */
    RANKING("ranking"),
    /** Biases without the mean error. */
    BIAS_CORRECTION("bias correction"),
    /**
     * Beyond the paper: each of the others in the unit or the reach in which it measured best. Intervals in attention down
     * to a twentieth of the largest value instead of half of it, biases corrected by errors relative to their token.
     */
    NORMALISED("normalised");

    private final String label;

    Component(String label) {
        this.label = label;
    }

    /** What a table's heading calls it. */
    public String label() {
        return label;
    }
}
