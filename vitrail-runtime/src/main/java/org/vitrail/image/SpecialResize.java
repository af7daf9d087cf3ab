package org.vitrail.image;

import java.util.List;
import java.util.Optional;

/** The resize rules that single image processors of Hugging Face's transformers have. */
public sealed interface SpecialResize {
    /** As {@code ResizeMode.target}. */
    Size target(Size picture);

    /** As {@code ResizeMode.stages}. */
    default List<Size> stages(Size picture) {
        return List.of(target(picture));
    }

    /** As {@code ResizeMode.window}. */
    default Window window(Size picture) {
        return new Window(0, 0, picture);
    }

    /** As {@code ResizeMode.outputSize}. */
    default Optional<Size> outputSize() {
        return canvas();
    }

    /** As {@code ResizeMode.canvas}. */
    default Optional<Size> canvas() {
        return Optional.empty();
    }

    /** As {@code ResizeMode.onCanvas}. */
    default SpecialResize onCanvas(Size size) {
        return this;
    }

    /** As {@code ResizeMode.describe}. */
    String describe(String filter);

    /** Resizes the longer side to {@code side} pixels and the shorter in proportion, rounded to nearest (SAM). */
    record LongerSide(int side, Optional<Size> canvas) implements SpecialResize {
        @Override
        public Size target(Size picture) {
            double scale = (double) side / Math.max(picture.height(), picture.width());
            Size resized = nearest(picture.height() * scale, picture.width() * scale);
            return canvas.filter(frame -> resized.height() > frame.height() || resized.width() > frame.width())
                    .map(frame -> new Inside(frame).target(picture))
                    .orElse(resized);
        }

        @Override
        public SpecialResize onCanvas(Size size) {
            return new LongerSide(side, Optional.of(size));
        }

        @Override
        public String describe(String filter) {
            return "resize the longer side to " + side + filter
                    + canvas.map(size -> ", pad to " + size).orElse("");
        }
    }

    /** Resizes in proportion to the largest size that fits into these bounds ({@code max_height}, {@code max_width}). */
    record Inside(Size bounds) implements SpecialResize {
        @Override
        public Size target(Size picture) {
            double scale =
                    Math.min((double) bounds.height() / picture.height(), (double) bounds.width() / picture.width());
            return new Size(
                    Math.max(1, (int) (picture.height() * scale)), Math.max(1, (int) (picture.width() * scale)));
        }

        @Override
        public String describe(String filter) {
            return "resize in proportion to fit " + bounds + filter;
        }
    }

    /** Resizes in proportion to the smallest size that covers the given one, rounded to nearest (timm). */
    record Cover(Size size) implements SpecialResize {
        @Override
        public Size target(Size picture) {
            double ratio = Math.min((double) picture.height() / size.height(), (double) picture.width() / size.width());
            return new Size((int) Math.rint(picture.height() / ratio), (int) Math.rint(picture.width() / ratio));
        }

        @Override
        public String describe(String filter) {
            return "resize in proportion to cover " + size + filter;
        }
    }

    /**
     * Resizes the shorter side to {@code shorter} pixels, or less if the longer side would exceed {@code longer}; both
     * sides are rounded to nearest (ViLT, BridgeTower).
     */
    record Capped(int shorter, int longer) implements SpecialResize {
        @Override
        public Size target(Size picture) {
            double scale = (double) shorter / Math.min(picture.height(), picture.width());
            double height = picture.height() < picture.width() ? shorter : scale * picture.height();
            double width = picture.height() < picture.width() ? scale * picture.width() : shorter;
            double shrink = Math.max(height, width) > longer ? longer / Math.max(height, width) : 1;
            return nearest(shrink * height, shrink * width);
        }

        @Override
        public String describe(String filter) {
            return "resize the shorter side to " + shorter + ", the longer to at most " + longer + filter;
        }
    }

    /**
     * Resizes in proportion by whichever of the two scales to {@code size} is nearer to 1, and rounds both sides to
     * multiples (DPT with {@code keep_aspect_ratio}).
     */
    record Proportional(Size size, int multiple) implements SpecialResize {
        @Override
        public Size target(Size picture) {
            double byHeight = (double) size.height() / picture.height();
            double byWidth = (double) size.width() / picture.width();
            double scale = Math.abs(1 - byWidth) < Math.abs(1 - byHeight) ? byWidth : byHeight;
            return new Size(rounded(scale * picture.height()), rounded(scale * picture.width()));
        }

        private int rounded(double side) {
            return Math.max(1, (int) Math.rint(side / multiple)) * multiple;
        }

        @Override
        public String describe(String filter) {
            return "resize in proportion to about " + size + filter
                    + (multiple > 1 ? ", to multiples of " + multiple : "");
        }
    }

    /** Pads to a square with black at the right and at the bottom, then resizes to this size (OWLv2). */
    record Squared(Size size) implements SpecialResize {
        @Override
        public Size target(Size picture) {
            return size;
        }

        @Override
        public Window window(Size picture) {
            return new Window(0, 0, Size.square(Math.max(picture.height(), picture.width())));
        }

        @Override
        public Optional<Size> outputSize() {
            return Optional.of(size);
        }

        @Override
        public String describe(String filter) {
            return "pad to a square, resize to " + size + filter;
        }
    }

    /**
     * Crops the centre, whose sides are these shares of the image's shorter side, then resizes it to this size
     * (Perceiver).
     */
    record CentreShare(double rows, double columns, Size size) implements SpecialResize {
        @Override
        public Size target(Size picture) {
            return size;
        }

        @Override
        public Window window(Size picture) {
            int shorter = Math.min(picture.height(), picture.width());
            int height = Math.max(1, (int) (rows * shorter));
            int width = Math.max(1, (int) (columns * shorter));
            return new Window(
                    Math.floorDiv(picture.width() - width, 2),
                    Math.floorDiv(picture.height() - height, 2),
                    new Size(height, width));
        }

        @Override
        public Optional<Size> outputSize() {
            return Optional.of(size);
        }

        @Override
        public String describe(String filter) {
            return "crop the centre to " + Math.round(1000 * rows) / 1000.0 + " of the shorter side, resize to " + size
                    + filter;
        }
    }

    /** Resizes the shorter side to the shorter side of the bounds, then shrinks the result into the bounds (Donut). */
    record Thumbnail(Size bounds) implements SpecialResize {
        @Override
        public Size target(Size picture) {
            return shrunk(first(picture));
        }

        @Override
        public List<Size> stages(Size picture) {
            return List.of(first(picture), target(picture));
        }

        private Size first(Size picture) {
            long side = Math.min(bounds.height(), bounds.width());
            int shorter = Math.min(picture.height(), picture.width());
            return new Size((int) Math.min(Integer.MAX_VALUE, side * picture.height() / shorter), (int)
                    Math.min(Integer.MAX_VALUE, side * picture.width() / shorter));
        }

        private Size shrunk(Size image) {
            int height = Math.min(image.height(), bounds.height());
            int width = Math.min(image.width(), bounds.width());
            if (height == image.height() && width == image.width()) {
                return image;
            }
            if (image.height() > image.width()) {
                return new Size(height, Math.max(1, (int) ((long) image.width() * height / image.height())));
            }
            return image.width() > image.height()
                    ? new Size(Math.max(1, (int) ((long) image.height() * width / image.width())), width)
                    : new Size(height, width);
        }

        @Override
        public String describe(String filter) {
            return "resize the shorter side to " + Math.min(bounds.height(), bounds.width()) + ", shrink into " + bounds
                    + filter;
        }
    }

    private static Size nearest(double height, double width) {
        return new Size(Math.max(1, (int) (height + 0.5)), Math.max(1, (int) (width + 0.5)));
    }
}
