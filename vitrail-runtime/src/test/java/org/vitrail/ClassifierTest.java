package org.vitrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.vitrail.image.ImageFolder;
import org.vitrail.image.ImageSource;
import org.vitrail.image.LabelsFile;
import org.vitrail.image.RgbImage;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Shared;
import org.vitrail.work.Parallel;

@Tag("shared")
class ClassifierTest {
    private static final String DEIT = "models/onnx/deit-tiny-in1k.timm.torchscript.onnx";

    @Test
    void manyThreadsGetWhatOneGets() {
        ImageSource images =
                ImageFolder.open(Shared.path("images/imagenet-val-650")).slice(0, 4);
        List<RgbImage> pictures =
                IntStream.range(0, images.size()).mapToObj(images::image).toList();
        try (Classifier classifier = Classifier.load(Shared.path(DEIT))) {
            List<List<Prediction>> alone = classifier.classifyAll(pictures);
            List<List<Prediction>> together =
                    Parallel.map(24, 8, i -> classifier.classify(pictures.get(i % pictures.size())));

            for (int i = 0; i < together.size(); i++) {
                assertThat(together.get(i)).isEqualTo(alone.get(i % alone.size()));
            }
        }
    }

    @Test
    void ranksNamedClassesByProbability() {
        Model model = Model.open(Shared.path(DEIT))
                .withClassNames(LabelsFile.classNames(Shared.path("images/imagenet-classes.txt")));
        try (Classifier classifier = Classifier.of(model, 2)) {
            List<Prediction> ranked = classifier.classify(Shared.path("images/imagenet-train-1000/n01440764.jpg"));

            assertThat(ranked)
                    .hasSize(1000)
                    .isSortedAccordingTo((a, b) -> Double.compare(b.probability(), a.probability()));
            assertThat(ranked.getFirst().name()).isEqualTo("tench, Tinca tinca");
            assertThat(ranked.getFirst().label()).isZero();
            assertThat(ranked.stream().mapToDouble(Prediction::probability).sum())
                    .isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void takesPicturesFromAwtInAnyOrderOfBytes() {
        try (Classifier classifier = Classifier.load(Shared.path(DEIT))) {
            BufferedImage red = new BufferedImage(300, 260, BufferedImage.TYPE_3BYTE_BGR);
            byte[] pixels = new byte[3 * 300 * 260];
            for (int i = 0; i < pixels.length; i += 3) {
                pixels[i] = (byte) (i % 251);
                red.setRGB(i / 3 % 300, i / 900, (i % 251) << 16);
            }

            assertThat(classifier.classify(red)).isEqualTo(classifier.classify(RgbImage.of(300, 260, pixels)));
        }
    }

    @Test
    void namesTheFileThatIsNoPictureOrNoModel() {
        assertThatThrownBy(() -> Classifier.load(Path.of("absent.onnx")))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("absent.onnx");
        try (Classifier classifier = Classifier.load(Shared.path(DEIT))) {
            assertThatThrownBy(() -> classifier.classify(Path.of("absent.jpg")))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("absent.jpg");
        }
        try (Classifier classifier = Classifier.load(Shared.path("models/onnx/small/hf-detr/dynamo.onnx"))) {
            assertThatThrownBy(() -> classifier.classify(Shared.path("images/imagenet-train-1000/n01440764.jpg")))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("is no classifier");
        }
    }
}
