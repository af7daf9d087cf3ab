package org.vitrail.pipeline;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.tensor.VitrailException;

/**
 * Bit widths of weights and activations, written as in the literature: W4A8 has 4-bit weights and 8-bit activations.
 */
public record Bits(BitWidth weights, BitWidth activations) {
    private static final Pattern FORM = Pattern.compile("W(\\d{1,3})A(\\d{1,3})");

    /**
     * Parses bit widths such as "W4A8".
     *
     * @throws VitrailException for any other text, and for widths that do not exist
     */
    public static Bits of(String text) {
        Matcher matcher = FORM.matcher(text.toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new VitrailException("bits are written like W8A8 or W4A8 (weights, activations), got " + text);
        }
        return new Bits(width(matcher.group(1), text), width(matcher.group(2), text));
    }

    private static BitWidth width(String digits, String text) {
        int bits = Integer.parseInt(digits);
        if (bits < BitWidth.MIN_BITS || bits > BitWidth.MAX_BITS) {
            throw new VitrailException("weights and activations have " + BitWidth.MIN_BITS + " to " + BitWidth.MAX_BITS
                    + " bits, got " + bits + " in " + text);
        }
        return new BitWidth(bits);
    }

    Bits atLeast(BitWidth least) {
        return new Bits(wider(weights, least), wider(activations, least));
    }

    private static BitWidth wider(BitWidth one, BitWidth other) {
        return one.bits() >= other.bits() ? one : other;
    }

    @Override
    public String toString() {
        return "W" + weights + "A" + activations;
    }
}
