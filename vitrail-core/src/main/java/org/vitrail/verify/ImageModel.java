package org.vitrail.verify;

import org.vitrail.image.RgbImage;

/** A model with its own preprocessing: a picture in, one row of logits out. Safe for use by many threads. */
public interface ImageModel {
    /** The logits (classes) of a picture. */
    float[] logits(RgbImage image);
}
