package org.vitrail.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.vitrail.image.ImageSource;
import org.vitrail.image.RgbImage;
import org.vitrail.tensor.VitrailException;
import org.vitrail.work.Progress;

class EvaluationTest {
    /** Classifies by the strongest colour of a picture's only pixel. */
    private static final ImageModel COLOUR =
            image -> new float[] {image.sample(0, 0, 0), image.sample(0, 0, 1), image.sample(0, 0, 2)};

    /** Takes green for blue. */
    private static final ImageModel COLOUR_BLIND =
            image -> new float[] {image.sample(0, 0, 0), 0, Math.max(image.sample(0, 0, 1), image.sample(0, 0, 2))};

    @Test
    void judgesAModelByLabelsAndByTheReference() {
        Evaluation evaluation =
                Evaluation.run(COLOUR_BLIND, Optional.of(COLOUR), new Pixels(3000, -1), 3, Progress.none());

        assertThat(evaluation.metrics().examples()).isEqualTo(3000);
        assertThat(evaluation.metrics().top1()).isEqualTo(2000);
        assertThat(evaluation.metrics().agreeing()).isEqualTo(2000);
        assertThat(evaluation.broken()).isEmpty();
    }

    @Test
    void isTheSameForAnyNumberOfThreads() {
        ImageSource images = new Pixels(2500, 7);
        Metrics one = Evaluation.run(COLOUR_BLIND, Optional.of(COLOUR), images, 1, Progress.none())
                .metrics();
        Metrics many = Evaluation.run(COLOUR_BLIND, Optional.of(COLOUR), images, 8, Progress.none())
                .metrics();

        assertThat(many).isEqualTo(one);
    }

    @Test
    void namesSkipsAndCountsABrokenPictureAndTellsEveryStep() {
        AtomicInteger steps = new AtomicInteger();
        Progress counting = (name, total) -> new Progress.Stage() {
            @Override
            public void step() {
                steps.incrementAndGet();
            }

            @Override
            public void close() {}
        };

        Evaluation evaluation = Evaluation.run(COLOUR, Optional.empty(), new Pixels(10, 4), 2, counting);

        assertThat(evaluation.metrics().examples()).isEqualTo(9);
        assertThat(evaluation.broken()).containsExactly("pixel 4 is broken");
        assertThat(steps).hasValue(10);
    }

    @Test
    void isAnErrorWhereEveryPictureIsBroken() {
        assertThatThrownBy(() -> Evaluation.run(COLOUR, Optional.empty(), new Pixels(1, 0), 2, Progress.none()))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("pixel 0 is broken");
    }

    /** Pictures of one red, green or blue pixel in turn, labelled 0, 1, 2. */
    private record Pixels(int size, int broken) implements ImageSource {
        @Override
        public RgbImage image(int index) {
            if (index == broken) {
                throw new VitrailException(name(index) + " is broken");
            }
            byte[] pixel = new byte[3];
            pixel[index % 3] = (byte) (1 + index % 7);
            return RgbImage.of(1, 1, pixel);
        }

        @Override
        public String name(int index) {
            return "pixel " + index;
        }

        @Override
        public OptionalInt label(int index) {
            return OptionalInt.of(index % 3);
        }
    }
}
