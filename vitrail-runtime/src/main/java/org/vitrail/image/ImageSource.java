package org.vitrail.image;

import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Images in a fixed order, each available by its index at any time and from any thread: the images of a folder, drawn
 * images, or a subset of another source.
 */
public interface ImageSource {
    int size();

    /** Returns the image at an index; throws {@code VitrailException} with a sentence that names it if it is broken. */
    RgbImage image(int index);

    /** The name of an image in lists and messages. */
    String name(int index);

    /** The class of an image, if it is known. */
    OptionalInt label(int index);

    /** All images in a random order that the seed determines. */
    default ImageSource shuffled(long seed) {
        int[] order = IntStream.range(0, size()).toArray();
        Random random = new Random(seed);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int moved = order[i];
            order[i] = order[j];
            order[j] = moved;
        }
        return choice(this, order);
    }

    /** The images with these indices, in this order. */
    default ImageSource select(List<Integer> indices) {
        return choice(this, indices.stream().mapToInt(Integer::intValue).toArray());
    }

    /** The images from one index to another (exclusive), as many of them as exist. */
    default ImageSource slice(int from, int to) {
        return choice(
                this,
                IntStream.range(Math.min(from, size()), Math.min(to, size())).toArray());
    }

    /**
     * A random sample of {@code count} images, or all if there are fewer. For one seed, a smaller sample is the
     * beginning of a larger one, and {@code shuffled(seed).slice(count, size())} holds the rest.
     */
    default ImageSource sample(int count, long seed) {
        return shuffled(seed).slice(0, count);
    }

    /** The pictures of a source with these indices, in their order; takes the indices over. */
    private static ImageSource choice(ImageSource source, int[] indices) {
        return new ImageSource() {
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
        };
    }
}
