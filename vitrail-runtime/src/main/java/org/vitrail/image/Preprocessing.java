package org.vitrail.image;

import java.util.Objects;
import java.util.Optional;
import org.vitrail.tensor.Limits;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/**
 * The evaluation transform of a model, as data stored with the model: resize, centre crop, then
 * {@code (pixel · rescale − mean) / std} for each channel.
 *
 * @param sizing the rule for the size to which an image is resized
 * @param filter the resize filter
 * @param crop the size of the centre crop, or empty for none; a smaller image is padded with black
 * @param rescale the factor from 0..255 to the units of mean and standard deviation, usually 1/255
 * @param mean subtracted after rescaling
 * @param std divisor after subtracting the mean; not zero
 * @param layout the order of the result's axes
 * @param channels the order of the result's channels, and of mean and standard deviation
 */
public record Preprocessing(
        ResizeMode sizing,
        ResizeFilter filter,
        Optional<Size> crop,
        double rescale,
        Rgb mean,
        Rgb std,
        Layout layout,
        ChannelOrder channels) {
    public static final double BYTE_RESCALE = 1.0 / 255;

    public Preprocessing {
        Objects.requireNonNull(sizing, "sizing");
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(crop, "crop");
        Objects.requireNonNull(layout, "layout");
        Objects.requireNonNull(channels, "channels");
        if (!(rescale > 0 && rescale <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("the rescale factor must be positive, got " + rescale);
        }
        for (int channel = 0; channel < 3; channel++) {
            if (!(std.channel(channel) > 0) || !Double.isFinite(mean.channel(channel) / std.channel(channel))) {
                throw new IllegalArgumentException(
                        "mean must be finite and std positive in every channel, got mean " + mean + " and std " + std);
            }
        }
    }

    /** Preprocessing whose result has its channels in RGB order. */
    public Preprocessing(
            ResizeMode sizing,
            ResizeFilter filter,
            Optional<Size> crop,
            double rescale,
            Rgb mean,
            Rgb std,
            Layout layout) {
        this(sizing, filter, crop, rescale, mean, std, layout, ChannelOrder.RGB);
    }

    public Preprocessing withSizing(ResizeMode newSizing) {
        return new Preprocessing(newSizing, filter, crop, rescale, mean, std, layout, channels);
    }

    public Preprocessing withFilter(ResizeFilter newFilter) {
        return new Preprocessing(sizing, newFilter, crop, rescale, mean, std, layout, channels);
    }

    public Preprocessing withCrop(Optional<Size> newCrop) {
        return new Preprocessing(sizing, filter, newCrop, rescale, mean, std, layout, channels);
    }

    public Preprocessing withRescale(double newRescale) {
        return new Preprocessing(sizing, filter, crop, newRescale, mean, std, layout, channels);
    }

    public Preprocessing withMean(Rgb newMean) {
        return new Preprocessing(sizing, filter, crop, rescale, newMean, std, layout, channels);
    }

    public Preprocessing withStd(Rgb newStd) {
        return new Preprocessing(sizing, filter, crop, rescale, mean, newStd, layout, channels);
    }

    public Preprocessing withLayout(Layout newLayout) {
        return new Preprocessing(sizing, filter, crop, rescale, mean, std, newLayout, channels);
    }

    public Preprocessing withChannels(ChannelOrder newChannels) {
        return new Preprocessing(sizing, filter, crop, rescale, mean, std, layout, newChannels);
    }

    /** Resizes to this size directly, keeping the whole image: nothing is cropped. */
    public Preprocessing withWholePicture(Size size) {
        return withSizing(new ResizeMode.Exact(size)).withCrop(Optional.empty());
    }

    /** Passes bytes unchanged, for models that scale and normalise their inputs themselves. */
    public Preprocessing withoutNormalisation() {
        return withRescale(1).withMean(Rgb.grey(0)).withStd(Rgb.grey(1));
    }

    /** The size of every result, if it does not depend on the image. */
    public Optional<Size> outputSize() {
        return crop.or(sizing::outputSize);
    }

    /** Converts an image to the model's input: (3, height, width), or (height, width, 3) in layout NHWC. */
    public Tensor apply(RgbImage image) {
        RgbImage seen = resizeAndCrop(image);
        return normalise(seen, canvas().orElse(new Size(seen.height(), seen.width())));
    }

    /** The size to which images are padded at the right and at the bottom, if they are. */
    private Optional<Size> canvas() {
        return crop.isEmpty() ? sizing.canvas() : Optional.empty();
    }

    /** The image as the model sees it, before normalisation and padding. */
    public RgbImage resizeAndCrop(RgbImage image) {
        Size picture = new Size(image.height(), image.width());
        crop.ifPresent(size -> requireBounded(size, "the crop"));
        RgbImage resized = sizing.window(picture).of(image);
        for (Size stage : sizing.stages(picture)) {
            requireBounded(stage, "a picture of " + image.width() + "×" + image.height() + " pixels, resized,");
            resized = Resizer.resize(resized, stage, filter);
        }
        return crop.isPresent() ? centre(resized, crop.get()) : resized;
    }

    /** The part of the model's input, from its top left, that an image of this size fills; the rest is padding. */
    public Size filled(Size picture) {
        return crop.orElseGet(() -> sizing.target(picture));
    }

    /**
     * The rectangle of an image of this size, in its pixels, that the model's whole input shows; it extends beyond the
     * image's edges if the input is padded.
     */
    public Region region(Size picture) {
        Size resized = sizing.target(picture);
        Size input = outputSize().orElse(resized);
        Window window = sizing.window(picture);
        double perRow = (double) window.size().height() / resized.height();
        double perColumn = (double) window.size().width() / resized.width();
        int top = crop.map(size -> offset(resized.height(), size.height())).orElse(0);
        int left = crop.map(size -> offset(resized.width(), size.width())).orElse(0);
        return new Region(
                window.left() + left * perColumn,
                window.top() + top * perRow,
                input.width() * perColumn,
                input.height() * perRow);
    }

    private static void requireBounded(Size size, String what) {
        long pixels = (long) size.height() * size.width();
        if (pixels > Limits.MAX_INPUT_PIXELS) {
            throw new VitrailException(what + " would have " + size.width() + "×" + size.height()
                    + " pixels, more than the limit of " + Limits.MAX_INPUT_PIXELS
                    + ": state another size with --resize and --crop, or leave the picture out");
        }
    }

    private Tensor normalise(RgbImage image, Size canvas) {
        requireBounded(canvas, "the model's input");
        byte[] pixels = image.pixels();
        float[] values = new float[Math.toIntExact(3L * canvas.height() * canvas.width())];
        int area = canvas.height() * canvas.width();
        boolean last = layout == Layout.NHWC;
        int step = last ? 3 : 1;
        for (int channel = 0; channel < 3; channel++) {
            float[] table = valueOfByte(channel);
            int from = channels.sample(channel);
            for (int y = 0; y < image.height(); y++) {
                int row = y * canvas.width();
                int at = last ? 3 * row + channel : channel * area + row;
                for (int x = 0; x < image.width(); x++, from += 3, at += step) {
                    values[at] = table[pixels[from] & 0xff];
                }
            }
        }
        int[] shape = switch (layout) {
            case NCHW -> new int[] {3, canvas.height(), canvas.width()};
            case NHWC -> new int[] {canvas.height(), canvas.width(), 3};
            case FCHW -> new int[] {1, 3, canvas.height(), canvas.width()};
        };
        return Tensor.of(shape, values);
    }

    private float[] valueOfByte(int channel) {
        float[] table = new float[256];
        for (int value = 0; value < 256; value++) {
            table[value] = (float) ((value * rescale - mean.channel(channel)) / std.channel(channel));
        }
        return table;
    }

    /**
     * Crops the centre as torchvision's {@code center_crop} does: offsets are rounded to even, missing pixels are
     * black.
     */
    private static RgbImage centre(RgbImage image, Size size) {
        return new Window(offset(image.width(), size.width()), offset(image.height(), size.height()), size).of(image);
    }

    /** The offset of the crop in the image; negative if the image is smaller and padded. */
    private static int offset(int picture, int crop) {
        return picture >= crop ? (int) Math.rint((picture - crop) / 2.0) : -((crop - picture) / 2);
    }

    /** A description in one line for users. */
    public String describe() {
        String resize = sizing.describe(sizing instanceof ResizeMode.Keep ? "" : " (" + filter.label() + ")");
        String scale = rescale == BYTE_RESCALE ? "1/255" : rescale == 1 ? "1" : Double.toString(rescale);
        return resize + crop.map(size -> ", centre crop " + size).orElse("") + ", × " + scale + ", mean " + mean
                + ", std " + std + ", " + channels + " " + layout;
    }
}
