package org.vitrail.image;

import java.util.Arrays;
import org.vitrail.tensor.VitrailException;

/**
 * Resizes 8-bit images exactly as Pillow does. Target pixel {@code i} has its centre at {@code c = (i + ½)·s} in the
 * source, {@code s = source / target}; with {@code f = max(s, 1)} it is
 *
 * <pre>  Σ_j w_j p_j / Σ_j w_j,   w_j = weight((j − c + ½) / f),   |j + ½ − c| ≤ support·f</pre>
 *
 * so that the filter widens when shrinking, which prevents aliasing. Each row is resized, then each column; weights are
 * rounded to 22 fractional bits and the image between the passes to 8 bits.
 */
public final class Resizer {
    private static final int PRECISION_BITS = 22;

    private Resizer() {}

    /** Returns the image at this size; the same object if it has that size already. */
    public static RgbImage resize(RgbImage image, Size size, ResizeFilter filter) {
        if (image.height() == size.height() && image.width() == size.width()) {
            return image;
        }
        if (filter == ResizeFilter.NEAREST) {
            return nearest(image, size);
        }
        if (columnsFirst(image, size)) {
            return alongRows(alongColumns(image, size.height(), filter), size.width(), filter);
        }
        return alongColumns(alongRows(image, size.width(), filter), size.height(), filter);
    }

    /**
     * Returns whether columns are resized first. Pillow 13 does so if that reduces far more pixels; the order affects
     * the rounding.
     */
    private static boolean columnsFirst(RgbImage image, Size size) {
        int fewerRows = image.height() - size.height();
        int fewerColumns = image.width() - size.width();
        return fewerRows > 0 && fewerRows > 2L * fewerColumns;
    }

    private static RgbImage alongRows(RgbImage image, int width, ResizeFilter filter) {
        if (width == image.width()) {
            return image;
        }
        Taps taps = Taps.of(image.width(), width, filter);
        byte[] in = image.pixels();
        byte[] out = new byte[checkedLength(width, image.height())];
        int at = 0;
        for (int y = 0; y < image.height(); y++) {
            int row = 3 * y * image.width();
            for (int x = 0; x < width; x++) {
                int red = 1 << (PRECISION_BITS - 1);
                int green = red;
                int blue = red;
                int from = row + 3 * taps.first[x];
                int end = taps.start[x + 1];
                for (int k = taps.start[x]; k < end; k++, from += 3) {
                    int weight = taps.weights[k];
                    red += weight * (in[from] & 0xff);
                    green += weight * (in[from + 1] & 0xff);
                    blue += weight * (in[from + 2] & 0xff);
                }
                out[at++] = clip(red);
                out[at++] = clip(green);
                out[at++] = clip(blue);
            }
        }
        return RgbImage.of(width, image.height(), out);
    }

    private static RgbImage alongColumns(RgbImage image, int height, ResizeFilter filter) {
        if (height == image.height()) {
            return image;
        }
        Taps taps = Taps.of(image.height(), height, filter);
        int stride = 3 * image.width();
        byte[] in = image.pixels();
        byte[] out = new byte[checkedLength(image.width(), height)];
        int[] sums = new int[stride];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, 1 << (PRECISION_BITS - 1));
            int from = stride * taps.first[y];
            for (int k = taps.start[y]; k < taps.start[y + 1]; k++, from += stride) {
                int weight = taps.weights[k];
                for (int x = 0; x < stride; x++) {
                    sums[x] += weight * (in[from + x] & 0xff);
                }
            }
            for (int x = 0; x < stride; x++) {
                out[y * stride + x] = clip(sums[x]);
            }
        }
        return RgbImage.of(image.width(), height, out);
    }

    private static RgbImage nearest(RgbImage image, Size size) {
        int[] columns = nearestPositions(image.width(), size.width());
        int[] rows = nearestPositions(image.height(), size.height());
        byte[] in = image.pixels();
        byte[] out = new byte[checkedLength(size.width(), size.height())];
        int at = 0;
        for (int row : rows) {
            for (int column : columns) {
                System.arraycopy(in, 3 * (row * image.width() + column), out, at, 3);
                at += 3;
            }
        }
        return RgbImage.of(size.width(), size.height(), out);
    }

    /**
     * The source pixel of each target pixel. Pillow accumulates the step instead of multiplying by it, and with it its
     * rounding errors.
     */
    private static int[] nearestPositions(int source, int target) {
        int[] positions = new int[target];
        double step = (double) source / target;
        double position = step * 0.5;
        for (int i = 0; i < target; i++, position += step) {
            positions[i] = Math.min((int) position, source - 1);
        }
        return positions;
    }

    private static int checkedLength(int width, int height) {
        if (3L * width * height > Integer.MAX_VALUE - 8) {
            throw new VitrailException("a picture of " + width + "×" + height + " pixels, between the two steps of"
                    + " resizing, is larger than 2 GB: state another size, or leave the picture out");
        }
        return 3 * width * height;
    }

    private static byte clip(int sum) {
        return (byte) Math.clamp(sum >> PRECISION_BITS, 0, 255);
    }

    /**
     * The filter weights of target pixels. For target pixel i: the first source pixel that it reads, and the
     * fixed-point weights {@code start[i]} to {@code start[i + 1]} (exclusive).
     */
    private static final class Taps {
        final int[] first;
        final int[] start;
        final int[] weights;

        private Taps(int[] first, int[] start, int[] weights) {
            this.first = first;
            this.start = start;
            this.weights = weights;
        }

        static Taps of(int source, int target, ResizeFilter filter) {
            double scale = (double) source / target;
            double stretch = Math.max(scale, 1);
            double support = filter.support() * stretch;
            int[] first = new int[target];
            int[] start = new int[target + 1];
            int[] weights = new int[Math.multiplyExact(target, (int) Math.ceil(support) * 2 + 1)];
            double[] exact = new double[(int) Math.ceil(support) * 2 + 1];
            for (int i = 0; i < target; i++) {
                double centre = (i + 0.5) * scale;
                first[i] = Math.max(0, (int) (centre - support + 0.5));
                int count = Math.min(source, (int) (centre + support + 0.5)) - first[i];
                double total = 0;
                for (int k = 0; k < count; k++) {
                    exact[k] = filter.weight((k + first[i] - centre + 0.5) * (1 / stretch));
                    total += exact[k];
                }
                for (int k = 0; k < count; k++) {
                    double weight = total == 0 ? exact[k] : exact[k] / total;
                    weights[start[i] + k] = (int) (weight * (1 << PRECISION_BITS) + (weight < 0 ? -0.5 : 0.5));
                }
                start[i + 1] = start[i] + count;
            }
            return new Taps(first, start, weights);
        }
    }
}
