package org.vitrail.checkpoint;

/** The input of the classification head: the class token, or the mean over the patch tokens. */
public enum Pooling {
    CLASS_TOKEN,
    AVERAGE
}
