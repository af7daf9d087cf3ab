package org.vitrail.image;

import java.util.Optional;

/** How a picture is brought to the model's size before the crop. */
public sealed interface ResizeMode {
    /** The size that a picture of this size is resized to. */
    Size target(Size picture);

    /** Not at all. */
    record Keep() implements ResizeMode {
        @Override
        public Size target(Size picture) {
            return picture;
        }
    }

    /**
     * The shorter side to {@code side} pixels and the longer side in proportion, rounded down as torchvision and
     * Hugging Face do.
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

    /** To exactly this size, whatever the proportions of the picture. */
    record Exact(Size size) implements ResizeMode {
        @Override
        public Size target(Size picture) {
            return size;
        }
    }

    /**
     * In proportion, as detectors see pictures: the shorter side to {@code shorter} pixels, or less where the longer
     * side would come out above {@code longer} (Hugging Face's {@code shortest_edge} and {@code longest_edge}). The
     * result lies at the top left of a canvas, where there is one, and what it leaves free there is 0 after
     * normalisation; a canvas that is too small for it makes it smaller.
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
