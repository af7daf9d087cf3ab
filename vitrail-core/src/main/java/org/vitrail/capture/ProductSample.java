package org.vitrail.capture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.vitrail.tensor.VitrailException;

/**
 * The calibration sample of a product of two activations O = L·R: its operands, image by image, with a sample of the
 * left operand's rows. Rows of the left operand are queries, in whichever order the model multiplies.
 *
 * @param heads matrices of one head lie this far apart: matrix m belongs to head m mod heads; 1 where nothing tells heads
 *     apart
 * @param left extremes of the left operand over all rows of all images, one a head
 * @param right extremes of the right operand, one a head
 * @param examples images that were kept, in the order of their numbers
 */
public record ProductSample(int heads, Extremes left, Extremes right, List<Example> examples) {
    public ProductSample {
        examples = examples.stream()
                .sorted(Comparator.comparingLong(Example::number))
                .toList();
    }

    /**
     * The sample of the images of both, which have none in common: the same in whichever order samples are merged.
     *
     * @param name the left operand in messages
     * @throws VitrailException when the operands have another number of heads
     */
    public ProductSample merge(ProductSample more, String name) {
        if (heads != more.heads) {
            throw new VitrailException("the operand " + name + " has " + heads + " heads on one calibration image and "
                    + more.heads + " on another; calibrate on images of one size");
        }
        List<Example> all = new ArrayList<>(examples);
        all.addAll(more.examples);
        return new ProductSample(heads, left.with(more.left), right.with(more.right), all);
    }

    /** The smallest and the largest value, one per head; the arrays are internal. */
    public record Extremes(float[] least, float[] most) {
        static Extremes none(int heads) {
            float[] least = new float[heads];
            float[] most = new float[heads];
            Arrays.fill(least, Float.POSITIVE_INFINITY);
            Arrays.fill(most, Float.NEGATIVE_INFINITY);
            return new Extremes(least, most);
        }

        Extremes with(Extremes more) {
            Extremes both = none(least.length);
            for (int head = 0; head < least.length; head++) {
                both.least[head] = Math.min(least[head], more.least[head]);
                both.most[head] = Math.max(most[head], more.most[head]);
            }
            return both;
        }
    }

    /**
     * The operands of one image, one array per matrix; the arrays are internal.
     *
     * @param number of the image among all images, from 0 on
     * @param left of each matrix [rows × inner], the sampled rows
     * @param right of each matrix [inner × columns]
     * @param rowWeights the number of rows of the image that each sampled row stands for
     * @param scores of each matrix [rows × columns], the scores that enter softmax; empty for products that do not
     * enter softmax, or not in this form
     */
    public record Example(
            long number,
            int rows,
            int inner,
            int columns,
            float[][] left,
            float[][] right,
            float[] rowWeights,
            float[][] scores) {
        public Example {
            if (left.length != right.length
                    || rowWeights.length != rows
                    || (scores.length != 0 && scores.length != left.length)) {
                throw new IllegalArgumentException("a product has as many left as right matrices and scores, got "
                        + left.length + ", " + right.length + ", " + scores.length);
            }
        }

        public int matrices() {
            return left.length;
        }
    }
}
