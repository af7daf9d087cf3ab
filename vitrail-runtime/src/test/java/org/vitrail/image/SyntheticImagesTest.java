package org.vitrail.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SyntheticImagesTest {
    private static final SyntheticImages IMAGES = new SyntheticImages(6, 64, 1);

    @Test
    void drawsThePictureThatSeedAndIndexDecide() {
        List<RgbImage> inOrder = IntStream.range(0, 6).mapToObj(IMAGES::image).toList();
        List<RgbImage> inParallel = IntStream.range(0, 6)
                .parallel()
                .mapToObj(new SyntheticImages(100, 64, 1)::image)
                .toList();
        assertThat(inParallel).isEqualTo(inOrder).doesNotHaveDuplicates();
        assertThat(new SyntheticImages(6, 64, 2).image(0)).isNotEqualTo(inOrder.getFirst());
    }

    @Test
    void drawsTheSamePixelsOnEveryMachine() {
        assertThat(Arrays.hashCode(IMAGES.image(0).pixels())).isEqualTo(836439914);
    }

    /** ImageNet's training images have 9, 19 and 52 levels here; noise has the same at every distance. */
    @Test
    void hasTheCorrelationsOfPhotographs() {
        SyntheticImages images = SyntheticImages.of(8, 0);
        double near = 0;
        double middle = 0;
        double far = 0;
        for (int i = 0; i < images.size(); i++) {
            RgbImage image = images.image(i);
            near += meanStep(image, 1);
            middle += meanStep(image, 4);
            far += meanStep(image, 64);
        }
        assertThat(near / images.size()).isBetween(6.0, 13.0);
        assertThat(middle / images.size()).isBetween(14.0, 34.0);
        assertThat(far / images.size()).isBetween(40.0, 65.0);
    }

    private static double meanStep(RgbImage image, int distance) {
        long sum = 0;
        long count = 0;
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x + distance < image.width(); x++, count++) {
                sum += Math.abs(image.sample(x, y, 1) - image.sample(x + distance, y, 1));
            }
        }
        return (double) sum / count;
    }
}
