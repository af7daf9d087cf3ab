package org.vitrail.ablation;

/** A component of the paper's method, or of what goes beyond it, that the ablation switches on and off. */
public enum Component {
    /** Clipping ranges that keep layer outputs similar. */
    SIMILARITY("similarity"),
    /** Clipping ranges in attention that also keep the order of its scores. */
    RANKING("ranking"),
    /** Biases corrected by the mean error. */
    BIAS_CORRECTION("bias correction"),
    /**
     * Beyond the paper: each of the others in the units and ranges in which it measured best. Clipping ranges in
     * attention down to a twentieth of the largest value instead of half of it, biases corrected by errors relative to
     * their token.
     */
    NORMALISED("normalised");

    private final String label;

    Component(String label) {
        this.label = label;
    }

    /** Returns the name in a table's heading. */
    public String label() {
        return label;
    }
}
