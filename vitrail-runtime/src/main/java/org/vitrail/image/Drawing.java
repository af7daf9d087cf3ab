package org.vitrail.image;

import java.util.List;
import java.util.Random;
import org.vitrail.image.Canvas.Colour;
import org.vitrail.image.Canvas.Field;
import org.vitrail.image.Canvas.Paint;

/**
 * Draws one picture of {@link DrawnImages}. Only arithmetic that Java defines to the bit is used ({@link Random},
 * {@link StrictMath}, square roots), so that a picture is the same everywhere.
 */
final class Drawing {
    /** Width and height in pixels. */
    static final int SIDE = 64;

    /** Describes what the picture shows. */
    record Subject(DrawnShape shape, DrawnPattern pattern) {
        String label() {
            return pattern.label() + " " + shape.label();
        }
    }

    private static final Colour LEAD_COLOUR = new Colour(0.07, 0.07, 0.09);

    private static final List<DrawnShape> SCATTERED_SHAPES =
            List.of(DrawnShape.DISC, DrawnShape.SQUARE, DrawnShape.TRIANGLE);

    private final Random random;
    private final double variety;

    private Drawing(Random random, double variety) {
        this.random = random;
        this.variety = variety;
    }

    /** The picture {@code index} of the set with this seed and variety. */
    static RgbImage of(Subject subject, long seed, int index, double variety) {
        return new Drawing(new Random(mix(mix(seed) + index)), variety).draw(subject);
    }

    private RgbImage draw(Subject subject) {
        Colour ground = Colour.of(between(0, 1), between(0.1, 0.6), between(0.25, 0.95));
        Canvas canvas = new Canvas(SIDE, background(ground));
        scatter(canvas, between(0, 9 * variety));
        object(canvas, subject, ground);
        scatter(canvas, between(0, 2.5 * variety));
        double grain = between(0, 0.08 * variety);
        return canvas.finish(() -> grain * (random.nextFloat() + random.nextFloat() - 1));
    }

    private Paint background(Colour ground) {
        Colour other = ground.mix(Colour.of(between(0, 1), between(0.1, 0.6), between(0.25, 0.95)), variety);
        return switch (random.nextInt(3)) {
            case 0 -> gradient(ground, other);
            case 1 -> clouds(ground, other);
            default -> stainedGlass(ground);
        };
    }

    private Paint gradient(Colour from, Colour to) {
        Place across = place(SIDE / 2.0, SIDE / 2.0, SIDE, between(0, 2 * Math.PI));
        return (x, y) -> from.mix(to, 0.5 + 0.7 * across.u(x, y));
    }

    /** Returns a background of sums of waves in random directions. */
    private Paint clouds(Colour from, Colour to) {
        Place[] waves = new Place[4];
        for (int i = 0; i < waves.length; i++) {
            waves[i] = place(between(0, SIDE), between(0, SIDE), between(3, 14), between(0, 2 * Math.PI));
        }
        return (x, y) -> {
            double sum = 0;
            for (Place wave : waves) {
                sum += StrictMath.sin(wave.u(x, y));
            }
            return from.mix(to, 0.5 + 0.2 * sum);
        };
    }

    /** Returns a background of panes around random points, with dark lead lines where two points are equally near. */
    private Paint stainedGlass(Colour ground) {
        int panes = 8 + random.nextInt(10);
        double[] paneX = new double[panes];
        double[] paneY = new double[panes];
        Colour[] colours = new Colour[panes];
        for (int i = 0; i < panes; i++) {
            paneX[i] = between(0, SIDE);
            paneY[i] = between(0, SIDE);
            colours[i] = ground.mix(Colour.of(between(0, 1), 0.7, between(0.4, 1)), between(0, 0.6 * variety));
        }
        return (x, y) -> {
            double nearest = Double.MAX_VALUE;
            double second = Double.MAX_VALUE;
            int pane = 0;
            for (int i = 0; i < panes; i++) {
                double distance = length(x - paneX[i], y - paneY[i]);
                if (distance < nearest) {
                    second = nearest;
                    nearest = distance;
                    pane = i;
                } else {
                    second = Math.min(second, distance);
                }
            }
            return colours[pane].mix(LEAD_COLOUR, variety * clamp(1 - (second - nearest) / 2));
        };
    }

    /** Scatters small discs, rectangles and triangles of one colour each, some of them stretched. */
    private void scatter(Canvas canvas, double count) {
        for (int i = 0; i < (int) count; i++) {
            Place place = place(between(0, SIDE), between(0, SIDE), between(2, 5), between(0, 2 * Math.PI));
            double flat = between(0.25, 1);
            DrawnShape shape = SCATTERED_SHAPES.get(random.nextInt(SCATTERED_SHAPES.size()));
            Colour colour = Colour.of(between(0, 1), between(0.2, 1), between(0.2, 1));
            canvas.paint(
                    place.x(),
                    place.y(),
                    1.5 * place.scale() + 1,
                    (x, y) -> clamp(0.5 - place.scale() * flat * shape.distance(place.u(x, y), place.v(x, y) / flat)),
                    (x, y) -> colour);
        }
    }

    /** Draws the subject with its shadow, usually with a dark outline. */
    private void object(Canvas canvas, Subject subject, Colour ground) {
        double radius = around(20, 5);
        double play = SIDE / 2.0 + 2 - radius;
        Place place = place(around(SIDE / 2.0, play), around(SIDE / 2.0, play), radius, around(0, 0.5));
        Field distance = (x, y) -> radius * subject.shape().distance(place.u(x, y), -place.v(x, y));

        double shadowX = around(0, 3);
        double shadowY = around(2.5, 1.5);
        canvas.paint(
                place.x() + shadowX,
                place.y() + shadowY,
                1.5 * radius + 3,
                (x, y) -> 0.45 * clamp(0.5 - distance.at(x - shadowX, y - shadowY) / 5),
                (x, y) -> new Colour(0, 0, 0));

        Colour first = unlike(ground, 0.55);
        Colour second = unlike(first, 0.7);
        Place weave = place(around(SIDE / 2.0, 5), around(SIDE / 2.0, 5), 1, around(0, Math.PI / 2));
        double period = around(8, 2);
        double outline = random.nextInt(3) == 0 ? 0 : between(0.6, 1.6);
        double shine = between(0, 0.35);
        canvas.paint(place.x(), place.y(), 1.5 * radius, (x, y) -> clamp(0.5 - distance.at(x, y)), (x, y) -> {
            double share = subject.pattern().share(weave.u(x, y), weave.v(x, y), period);
            Colour colour = first.mix(second, share).lit(1 - shine * place.v(x, y));
            return LEAD_COLOUR.mix(colour, clamp(-distance.at(x, y) - outline + (outline > 0 ? 0.5 : 1)));
        });
    }

    /** Returns a vivid colour at least this far from another one. */
    private Colour unlike(Colour other, double distance) {
        Colour colour;
        do {
            colour = Colour.of(between(0, 1), between(0.3, 1), between(0.35, 1));
        } while (colour.distance(other) < distance);
        return colour;
    }

    /** A local coordinate system in the image: its origin, its unit in pixels, and its rotation. */
    private record Place(double x, double y, double scale, double cos, double sin) {
        double u(double atX, double atY) {
            return (cos * (atX - x) + sin * (atY - y)) / scale;
        }

        double v(double atX, double atY) {
            return (cos * (atY - y) - sin * (atX - x)) / scale;
        }
    }

    private static Place place(double x, double y, double scale, double angle) {
        return new Place(x, y, scale, StrictMath.cos(angle), StrictMath.sin(angle));
    }

    /** Returns a random number at most {@code reach} from the middle, less at lower variety. */
    private double around(double middle, double reach) {
        return middle + variety * between(-reach, reach);
    }

    private double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    private static double clamp(double value) {
        return Math.min(Math.max(value, 0), 1);
    }

    private static double length(double x, double y) {
        return Math.sqrt(x * x + y * y);
    }

    /** Applies Steele, Lea and Flood's SplitMix64 finaliser: neighbouring seeds give unrelated images. */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
