package org.vitrail.image;

import java.util.OptionalInt;

/** Selects images of another source, in a given order. */
final class ImageSubset implements ImageSource {
    private final ImageSource source;
    private final int[] indices;

    /** Makes a subset; the caller must not change the indices afterwards. */
    ImageSubset(ImageSource source, int[] indices) {
        this.source = source;
        this.indices = indices;
    }

    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public RgbImage image(int index) {
        return source.image(indices[index]);
    }

    @Override
    public String name(int index) {
        return source.name(indices[index]);
    }

    @Override
    public OptionalInt label(int index) {
        return source.label(indices[index]);
    }
}
