package org.vitrail.pipeline;

import org.vitrail.block.LinearLayer;
import org.vitrail.block.Recognition;

/** What people call a layer: its place and its role. */
final class LayerNames {
    private LayerNames() {}

    static String of(LinearLayer layer) {
        String role = layer.role().label();
        return layer.block().isPresent() ? "block " + layer.block().getAsInt() + " " + role : role;
    }

    /** The name of the layer with this output. */
    static String of(Recognition recognition, String output) {
        return recognition.layers().stream()
                .filter(layer -> layer.output().equals(output))
                .map(LayerNames::of)
                .findFirst()
                .orElse(output);
    }
}
