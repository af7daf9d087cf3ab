package org.vitrail.checkpoint;

/** What the head reads: the class token, or the mean over the patch tokens. */
public enum Pooling {
    CLASS_TOKEN,
    AVERAGE
}
