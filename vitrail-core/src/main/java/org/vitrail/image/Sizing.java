package org.vitrail.image;

/** How a picture is brought to the model's size before the crop. */
public sealed interface Sizing {
    /** The size that a picture of this size is resized to. */
    Size target(Size picture);

    /** Not at all. */
    record Keep() implements Sizing {
        @Override
        public Size target(Size picture) {
            return picture;
        }
    }

    /**
     * The shorter side to {@code side} pixels and the longer side in proportion, rounded down as torchvision and
     * Hugging Face do.
     */
    record ShorterSide(int side) implements Sizing {
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
    record Exact(Size size) implements Sizing {
        @Override
        public Size target(Size picture) {
            return size;
        }
    }
}
