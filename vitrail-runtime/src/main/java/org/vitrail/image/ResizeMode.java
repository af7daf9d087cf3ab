package org.vitrail.image;

import java.util.Optional;

/** A rule for the size to which an image is resized before the crop. */
public sealed interface ResizeMode {
    /** The size to which an image of this size is resized. */
    Size target(Size picture);

    /** Keeps the size. */
    record Keep() implements ResizeMode {
        @Override
        public Size target(Size picture) {
            return picture;
        }
    }

    /**
     * Resizes the shorter side to {@code side} pixels and the longer side in proportion, rounded down as torchvision
     * and Hugging Face do.
     */
    record ShorterSide(int side) implements ResizeMode {
        public ShorterSide {
            if (side < 1) {
                throw new IllegalArgumentException("the shorter side must be positive, got " + side);
            }
        }

        @Override
        public Size target(Size picture) {
            return picture.width() <= picture.height()
                    ? new Size(inProportion(picture.height(), picture.width()), side)
                    : new Size(side, inProportion(picture.width(), picture.height()));
        }

        private int inProportion(int longer, int shorter) {
            return Math.toIntExact((long) side * longer / shorter);
        }
    }

    /** Resizes to exactly this size, whatever the image's aspect ratio. */
    record Exact(Size size) implements ResizeMode {
        @Override
        public Size target(Size picture) {
            return size;
        }
    }

    /**
     * Resizes in proportion, as detectors require: the shorter side to {@code shorter} pixels, or less if the longer
     * side would exceed {@code longer} (Hugging Face's {@code shortest_edge} and {@code longest_edge}). The result is
     * placed at the top left of the canvas, if there is one, and the rest of the canvas is 0 after normalisation; an
     * image that does not fit the canvas is made smaller.
     */
    record Within(int shorter, int longer, Optional<Size> canvas) implements ResizeMode {
        public Within {
            if (shorter < 1 || longer < shorter) {
                throw new IllegalArgumentException(
                        "the sides must be positive and the longer one not below the shorter, got " + shorter + " and "
                                + longer);
            }
        }

        @Override
        public Size target(Size picture) {
            double shortest = Math.min(picture.height(), picture.width());
            double longest = Math.max(picture.height(), picture.width());
            boolean tooLong = longest / shortest * shorter > longer;
            double exact = tooLong ? longer * shortest / longest : shorter;
            int side = Math.max(1, (int) Math.rint(exact));
            Size resized = picture.width() < picture.height()
                    ? new Size(Math.max(1, (int) (exact * picture.height() / picture.width())), side)
                    : new Size(side, Math.max(1, (int) (exact * picture.width() / picture.height())));
            return canvas.map(frame -> inside(frame, resized)).orElse(resized);
        }

        private static Size inside(Size frame, Size resized) {
            double factor =
                    Math.min((double) frame.height() / resized.height(), (double) frame.width() / resized.width());
            return factor >= 1
                    ? resized
                    : new Size(Math.max(1, (int) (resized.height() * factor)), Math.max(1, (int)
                            (resized.width() * factor)));
        }
    }
}
