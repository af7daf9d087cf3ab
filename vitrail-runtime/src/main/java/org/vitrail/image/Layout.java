package org.vitrail.image;

import java.util.Optional;

/** The order of a model input's axes: batch, channels, height, width, and frames of a video before the channels. */
public enum Layout {
    NCHW,
    NHWC,
    /** A picture as a video of one frame. */
    FCHW;

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
