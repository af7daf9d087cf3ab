package org.vitrail.image;

/** Further differences from the usual processor. */
enum ProcessorTrait {
    /** {@code do_center_crop} is false unless the file sets it. */
    CROP_OFF,
    /** {@code do_normalize} is false unless the file sets it. */
    NOT_NORMALISED,
    /** Pixels stay 0..255 unless the file says otherwise. */
    NOT_RESCALED,
    /** Bytes become −1..1: {@code rescale_factor} is 1/127.5 and {@code rescale_offset} is true. */
    BYTES_TO_BOTH_SIGNS,
    /** {@code do_flip_channel_order} is true unless the file sets it. */
    BGR,
    /** {@code include_top} divides by the standard deviation a second time. */
    DIVIDES_TWICE,
    /** {@code keep_aspect_ratio} and {@code ensure_multiple_of} are obeyed. */
    MAY_KEEP_RATIO,
    /** Sides are rounded up to multiples of {@code size_divisor}, usually 32. */
    MULTIPLE_UP,
    /** {@code do_crop_margin} is true unless the file sets it. */
    CROPS_MARGIN,
    /** The input has an axis of frames. */
    FRAMES
}
