package org.vitrail.image;

import java.util.Optional;

/** The order of a model input's colour channels. */
public enum ChannelOrder {
    RGB,
    BGR;

    /** The order of this name, ignoring case. */
    public static Optional<ChannelOrder> ofName(String name) {
        for (ChannelOrder order : values()) {
            if (order.name().equalsIgnoreCase(name)) {
                return Optional.of(order);
            }
        }
        return Optional.empty();
    }

    /** The position in an RGB pixel of the sample that becomes this channel. */
    int sample(int channel) {
        return switch (this) {
            case RGB -> channel;
            case BGR -> 2 - channel;
        };
    }
}
