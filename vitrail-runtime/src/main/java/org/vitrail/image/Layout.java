package org.vitrail.image;

import java.util.Optional;

/** The order of a model input's axes: batch, channels, height, width. */
public enum Layout {
    NCHW,
    NHWC;

    /** The layout of this name, ignoring case. */
    public static Optional<Layout> ofName(String name) {
        for (Layout layout : values()) {
            if (layout.name().equalsIgnoreCase(name)) {
                return Optional.of(layout);
            }
        }
        return Optional.empty();
    }
}
