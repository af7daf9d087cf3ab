package org.vitrail.quantizer;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The activation quantizer of a linear layer's input: one affine quantizer for all channels except massive channels,
 * which have a separate one (docs/decisions/tokens-and-channels.md).
 *
 * @param main the quantizer of all channels except the massive ones
 * @param massive the quantizer of the massive channels, where there are any
 */
public record LayerInputQuantizer(AffineQuantizer main, Optional<Massive> massive) {

    /**
     * The massive channels and their quantizer.
     *
     * @param channels ascending, at least one
     */
    public record Massive(List<Integer> channels, AffineQuantizer quantizer) {
        public Massive {
            channels = List.copyOf(channels);
            if (channels.isEmpty()) {
                throw new IllegalArgumentException("a quantizer of massive channels needs at least one channel");
            }
        }
    }

    public static LayerInputQuantizer of(AffineQuantizer main) {
        return new LayerInputQuantizer(main, Optional.empty());
    }

    /** Fake quantization of row-major values with {@code channels} columns; returns a new array. */
    public float[] apply(float[] values, int channels) {
        float[] out = new float[values.length];
        main.apply(values, out, values.length);
        massive.ifPresent(apart -> {
            for (int channel : apart.channels()) {
                for (int i = channel; i < values.length; i += channels) {
                    out[i] = apart.quantizer().apply(values[i]);
                }
            }
        });
        return out;
    }

    /** Returns the massive channels, ascending; empty if there are none. */
    public int[] massiveChannels() {
        return massive.map(apart ->
                        apart.channels().stream().mapToInt(Integer::intValue).toArray())
                .orElse(new int[0]);
    }

    /** Returns whether this channel is quantized by the massive channels' quantizer. */
    public boolean isMassive(int channel) {
        return Arrays.binarySearch(massiveChannels(), channel) >= 0;
    }
}
