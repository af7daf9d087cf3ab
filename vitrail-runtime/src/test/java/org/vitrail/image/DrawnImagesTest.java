package org.vitrail.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DrawnImagesTest {
    private static final int CLASSES = DrawnImages.classNames().size();

    /** The demo model was trained on exactly these images: a change here requires training it again. */
    @Test
    void drawsTheSameBytesAsEver() {
        CRC32 sum = new CRC32();
        DrawnImages images = new DrawnImages(7, 3 * CLASSES, 0.6);
        for (int i = 0; i < images.size(); i++) {
            sum.update(images.image(i).pixels());
        }
        assertThat(Long.toHexString(sum.getValue())).isEqualTo("cf0439fe");
    }

    @Test
    void drawsAPictureFromItsSeedAndIndexOnly() {
        DrawnImages images = new DrawnImages(7, 100);
        RgbImage alone = new DrawnImages(7, 42).image(41);
        assertThat(IntStream.range(0, 48).parallel().mapToObj(images::image).toList())
                .element(41)
                .isEqualTo(alone);
        assertThat(new DrawnImages(8, 42).image(41)).isNotEqualTo(alone);
    }

    @Test
    void givesEveryClassItsTurnUnderANameOfItsOwn() {
        DrawnImages images = new DrawnImages(1, 2 * CLASSES);
        for (int i = 0; i < images.size(); i++) {
            assertThat(images.label(i)).hasValue(i % CLASSES);
            assertThat(images.name(i)).endsWith(DrawnImages.classNames().get(i % CLASSES));
        }
        assertThat(DrawnImages.classNames())
                .doesNotHaveDuplicates()
                .hasSizeGreaterThanOrEqualTo(16)
                .contains("plain disc", "striped heart", "dotted cross");
    }

    @Test
    void neverDrawsTheSamePictureTwice() {
        DrawnImages images = new DrawnImages(3, 200);
        Set<RgbImage> seen = new HashSet<>();
        for (int i = 0; i < images.size(); i++) {
            assertThat(seen.add(images.image(i))).as(images.name(i)).isTrue();
        }
    }

    @Test
    void refusesToDrawNothingAndIndicesBeyondTheLast() {
        assertThatThrownBy(() -> new DrawnImages(1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 0");
        assertThatThrownBy(() -> new DrawnImages(1, 10).image(10)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    /**
     * Checks that one step towards the outside increases the distance from a shape by one, or less where outlines bend.
     */
    @ParameterizedTest
    @EnumSource(DrawnShape.class)
    void measuresDistancesThatGrowNoFasterThanThePointMoves(DrawnShape shape) {
        Random random = new Random(5);
        double step = 1e-4;
        for (int i = 0; i < 2000; i++) {
            double x = 4 * random.nextDouble() - 2;
            double y = 4 * random.nextDouble() - 2;
            double angle = 2 * Math.PI * random.nextDouble();
            double here = shape.distance(x, y);
            double there = shape.distance(x + step * Math.cos(angle), y + step * Math.sin(angle));
            assertThat(Math.abs(there - here)).isLessThanOrEqualTo(step * 1.0001);
        }
    }

    @ParameterizedTest
    @EnumSource(DrawnShape.class)
    void drawsShapesAroundTheOriginAboutAsLargeAsTheUnitDisc(DrawnShape shape) {
        assertThat(shape.distance(0, 0)).isNegative();
        double cells = 0;
        for (double y = -2; y < 2; y += 0.02) {
            for (double x = -2; x < 2; x += 0.02) {
                boolean inside = shape.distance(x, y) < 0;
                assertThat(inside && x * x + y * y > 1.35 * 1.35).isFalse();
                cells += inside ? 1 : 0;
            }
        }
        assertThat(cells * 0.02 * 0.02).isCloseTo(2.2, within(1.0));
    }
}
