package org.vitrail.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import org.vitrail.image.Drawing.Subject;

/**
 * Labelled 64×64 images drawn by the program: one large object (a shape filled with a pattern, such as a striped heart)
 * at a random position, size, angle and colours, before a gradient, clouds or a stained-glass window, with smaller
 * objects behind and in front of it, shadows and noise. Labels cycle through the classes. An image depends only on the
 * seed and its index and is the same to the byte on every machine.
 *
 * @param seed images of different seeds are unrelated
 * @param size number of images
 * @param variety amount of variation of positions, sizes, angles, backgrounds and clutter: from 0 (an upright
 *     object in the middle of a plain background) to 1
 */
public record DrawnImages(long seed, int size, double variety) implements ImageSource {
    /** Width and height in pixels. */
    public static final int SIDE = Drawing.SIDE;

    /** The variety with which the demo model is trained. */
    public static final double DEFAULT_VARIETY = 0.3;

    private static final List<Subject> SUBJECTS = subjects();

    public DrawnImages {
        if (size < 1) {
            throw new IllegalArgumentException("the number of drawn pictures must be positive, got " + size);
        }
        if (!(variety >= 0 && variety <= 1)) {
            throw new IllegalArgumentException("the variety of drawn pictures must be from 0 to 1, got " + variety);
        }
    }

    /** Images of the default variety. */
    public DrawnImages(long seed, int size) {
        this(seed, size, DEFAULT_VARIETY);
    }

    /** The names of the classes in label order, such as {@code plain disc}. */
    public static List<String> classNames() {
        return SUBJECTS.stream().map(Subject::label).toList();
    }

    @Override
    public RgbImage image(int index) {
        return Drawing.of(subject(index), seed, index, variety);
    }

    /** The name of an image, as in {@code drawn 0012 striped heart}. */
    @Override
    public String name(int index) {
        return String.format(Locale.ROOT, "drawn %04d %s", index, subject(index).label());
    }

    @Override
    public OptionalInt label(int index) {
        return OptionalInt.of(Objects.checkIndex(index, size) % SUBJECTS.size());
    }

    private Subject subject(int index) {
        return SUBJECTS.get(label(index).getAsInt());
    }

    private static List<Subject> subjects() {
        List<Subject> subjects = new ArrayList<>();
        for (DrawnShape shape : DrawnShape.values()) {
            for (DrawnPattern pattern : DrawnPattern.values()) {
                subjects.add(new Subject(shape, pattern));
            }
        }
        return List.copyOf(subjects);
    }
}
