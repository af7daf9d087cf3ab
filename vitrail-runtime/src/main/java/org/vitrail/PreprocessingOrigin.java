package org.vitrail;

/** Source of a model's preprocessing settings. */
public enum PreprocessingOrigin {
    MODEL("the model's own metadata"),
    FILES("the configuration beside the model"),
    GRAPH("assumed, but for the normalisation that the model does by itself"),
    CALLER("the caller"),
    ASSUMED("assumed, as nothing says it");

    private final String label;

    PreprocessingOrigin(String label) {
        this.label = label;
    }

    /** As in "preprocessing: ... (the model's own metadata)". */
    public String label() {
        return label;
    }
}
