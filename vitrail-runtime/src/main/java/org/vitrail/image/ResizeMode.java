package org.vitrail.image;

import java.util.List;
import java.util.Optional;

/** A rule for the size to which an image, or a window of it, is resized before the crop. */
public sealed interface ResizeMode {
    /** The size to which an image of this size is resized. */
    Size target(Size picture);

    /** The sizes through which an image of this size is resized one after the other; the last one is the target. */
    default List<Size> stages(Size picture) {
        return List.of(target(picture));
    }

    /** The part of an image of this size that is resized; what lies beyond the image's edges is black. */
    default Window window(Size picture) {
        return new Window(0, 0, picture);
    }

    /** The size of every result before the crop, if it does not depend on the image. */
    default Optional<Size> outputSize() {
        return canvas();
    }

    /** The size to which results are padded at the right and at the bottom, if they are; the padding is 0. */
    default Optional<Size> canvas() {
        return Optional.empty();
    }

    /** The same rule with results padded to this size, where the rule pads at all. */
    default ResizeMode onCanvas(Size size) {
        return this;
    }

    /** A description for users, as in "resize the shorter side to 256 (bicubic)"; the filter comes with its brackets. */
    String describe(String filter);

    /** Keeps the size. */
    record Keep() implements ResizeMode {
        @Override
        public Size target(Size picture) {
            return picture;
        }

        @Override
        public String describe(String filter) {
            return "no resize";
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
            return (int) Math.min(Integer.MAX_VALUE, (long) side * longer / shorter);
        }

        @Override
        public String describe(String filter) {
            return "resize the shorter side to " + side + filter;
        }
    }

    /** Resizes to exactly this size, whatever the image's aspect ratio. */
    record Exact(Size size) implements ResizeMode {
        @Override
        public Size target(Size picture) {
            return size;
        }

        @Override
        public Optional<Size> outputSize() {
            return Optional.of(size);
        }

        @Override
        public String describe(String filter) {
            return "resize to " + size + filter;
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

        @Override
        public ResizeMode onCanvas(Size size) {
            return new Within(shorter, longer, Optional.of(size));
        }

        @Override
        public String describe(String filter) {
            return "resize the shorter side to " + shorter + filter
                    + (longer == Integer.MAX_VALUE ? "" : ", the longer to at most " + longer)
                    + canvas.map(size -> ", pad to " + size).orElse("");
        }
    }

    /** Resizes by another rule and rounds both sides to multiples of a number, which changes the aspect ratio. */
    record Multiple(ResizeMode base, int multiple, Rounding rounding) implements ResizeMode {
        /** The direction of the rounding. */
        public enum Rounding {
            DOWN,
            NEAREST,
            UP
        }

        public Multiple {
            if (multiple < 1) {
                throw new IllegalArgumentException("sides must be multiples of a positive number, got " + multiple);
            }
        }

        @Override
        public Size target(Size picture) {
            return rounded(base.target(picture));
        }

        private Size rounded(Size size) {
            int height = rounded(size.height());
            int width = rounded(size.width());
            return canvas().map(frame -> new Size(Math.min(height, frame.height()), Math.min(width, frame.width())))
                    .orElse(new Size(height, width));
        }

        private int rounded(int side) {
            long count = switch (rounding) {
                case DOWN -> side / multiple;
                case NEAREST -> (long) Math.rint((double) side / multiple);
                case UP -> Math.ceilDiv(side, multiple);
            };
            return (int) Math.min(Integer.MAX_VALUE, Math.max(1, count) * multiple);
        }

        @Override
        public Optional<Size> outputSize() {
            return canvas().or(() -> base.outputSize().map(this::rounded));
        }

        @Override
        public Optional<Size> canvas() {
            return base.canvas();
        }

        @Override
        public ResizeMode onCanvas(Size size) {
            return new Multiple(base.onCanvas(size), multiple, rounding);
        }

        @Override
        public String describe(String filter) {
            String direction = switch (rounding) {
                case DOWN -> "rounded down to";
                case NEAREST -> "rounded to";
                case UP -> "rounded up to";
            };
            return (base instanceof Keep ? "resize to the picture's own sides" + filter : base.describe(filter)) + ", "
                    + direction + " multiples of " + multiple;
        }
    }

    /** Applies a special rule of one image processor. */
    record Special(SpecialResize rule) implements ResizeMode {
        @Override
        public Size target(Size picture) {
            return rule.target(picture);
        }

        @Override
        public List<Size> stages(Size picture) {
            return rule.stages(picture);
        }

        @Override
        public Window window(Size picture) {
            return rule.window(picture);
        }

        @Override
        public Optional<Size> outputSize() {
            return rule.outputSize();
        }

        @Override
        public Optional<Size> canvas() {
            return rule.canvas();
        }

        @Override
        public ResizeMode onCanvas(Size size) {
            return new Special(rule.onCanvas(size));
        }

        @Override
        public String describe(String filter) {
            return rule.describe(filter);
        }
    }
}
