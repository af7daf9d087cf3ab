package org.vitrail.pipeline;

import org.vitrail.block.LinearLayer;
import org.vitrail.block.Recognition;

/** Names layers for people by their place in the model and their role, such as "block 3 attention output". */
final class LayerNames {
    private LayerNames() {}

    static String of(LinearLayer layer) {
        String role = layer.role().label();
        return layer.block().isPresent() ? "block " + layer.block().getAsInt() + " " + role : role;
    }

    /** Returns the name of the layer with this output. */
    static String of(Recognition recognition, String output) {
        return recognition.layers().stream()
                .filter(layer -> layer.output().equals(output))
                .map(LayerNames::of)
                .findFirst()
                .orElse(output);
    }
}
