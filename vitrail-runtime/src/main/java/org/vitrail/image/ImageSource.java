package org.vitrail.image;

import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Pictures in a fixed order, each of which can be had by its index at any time and by any thread: a folder's, drawn
 * ones, or a choice from another source.
 */
public interface ImageSource {
    int size();

    /** The picture at an index; throws {@code VitrailException} with a sentence that names it where it is broken. */
    RgbImage image(int index);

    /** The name of a picture in lists and messages. */
    String name(int index);

    /** The class of a picture, where it is known. */
    OptionalInt label(int index);

    /** All pictures in a random order that the seed decides. */
    default ImageSource shuffled(long seed) {
        int[] order = IntStream.range(0, size()).toArray();
        Random random = new Random(seed);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int moved = order[i];
            order[i] = order[j];
            order[j] = moved;
        }
        return new ImageSubset(this, order);
    }

    /** The pictures with these indices, in this order. */
    default ImageSource select(List<Integer> indices) {
        return new ImageSubset(
                this, indices.stream().mapToInt(Integer::intValue).toArray());
    }

    /** The pictures from one index to another (exclusive), as many of them as exist. */
    default ImageSource slice(int from, int to) {
        return new ImageSubset(
                this,
                IntStream.range(Math.min(from, size()), Math.min(to, size())).toArray());
    }

    /**
     * A random choice of {@code count} pictures, or all where there are fewer. For one seed, a smaller sample is the
     * beginning of a larger one, and {@code shuffled(seed).slice(count, size())} holds the rest.
     */
    default ImageSource sample(int count, long seed) {
        return shuffled(seed).slice(0, count);
    }
}
