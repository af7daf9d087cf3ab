package org.vitrail.image;

/** The order of a model input's axes: batch, channels, height, width. */
public enum Layout {
    NCHW,
    NHWC
}
