package org.vitrail.image;

/** The meaning of a processor's size. */
enum SizeRule {
    /** A single number is both sides. */
    EXACT,
    /** A single number is the shorter side. */
    SHORTER_SIDE,
    /** The shorter side is resized to 256/224 of the number. */
    SHORTER_SIDE_LESS_MARGIN,
    /**
     * The side of the model's input: below 384, a crop from {@code number / crop_pct}; from 384 on, the target of
     * the resize.
     */
    INPUT_SIDE,
    /** The shorter side is resized to {@code number / crop_pct}. */
    CROP_SHARE,
    /** The centre is cropped before the resize, to {@code size / crop_size} of the shorter side. */
    CENTRE_SHARE,
    /** The shorter side, unless the longer one would become too long; the image is padded to the model's input. */
    WITHIN,
    /** As {@link #WITHIN}, with the longer side at most 1333/800 of the number, and both rounded to nearest. */
    CAPPED,
    /** The longer side. */
    LONGER_SIDE,
    /** The picture's own sides, rounded down to multiples of {@code size_divisor}. */
    OWN_SIDES,
    /** The picture is padded to a square before the resize. */
    SQUARED,
    /** The picture is shrunk into the size and padded to it. */
    THUMBNAIL
}
