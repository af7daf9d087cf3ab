package org.vitrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.ValueInfo;
import org.vitrail.image.ImageFolder;
import org.vitrail.image.ImageSource;
import org.vitrail.image.LabelsFile;
import org.vitrail.image.RgbImage;
import org.vitrail.model.PictureBatch;
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
            List<List<Prediction>> alone =
                    pictures.stream().map(classifier::classify).toList();
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
    void returnsTheMostProbableClassesThatAreAskedFor() {
        Path tench = Shared.path("images/imagenet-train-1000/n01440764.jpg");
        try (Classifier classifier = Classifier.load(Shared.path(DEIT))) {
            List<Prediction> all = classifier.classify(tench);

            assertThat(classifier.classify(tench, 5)).isEqualTo(all.subList(0, 5));
            assertThat(classifier.classify(tench, 1001)).isEqualTo(all);
            assertThatThrownBy(() -> classifier.classify(tench, 0))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("got a number of 0");
        }
    }

    @Test
    void picturesThatShareARunAreClassifiedAsEachAlone() {
        Model model = Model.open(Shared.path(DEIT));
        assertThat(runs(model, 10)).isEqualTo(2);
        assertSharedRunsAgree(model, pictures(10));
    }

    @Test
    void aFixedBatchIsFilledWithDifferentPictures() {
        Model model = Model.open(Shared.path("models/onnx/small/hf-vit/torchscript.onnx"));
        Graph graph = model.graph();
        Model ofThree = model.withGraph(
                graph.withInputs(withBatch(graph.inputs(), 3)).withOutputs(withBatch(graph.outputs(), 3)));

        assertThat(runs(ofThree, 7)).isEqualTo(3);
        assertSharedRunsAgree(ofThree, pictures(7));
    }

    private static void assertSharedRunsAgree(Model model, List<RgbImage> pictures) {
        try (Classifier classifier = Classifier.of(model, 1)) {
            List<List<Prediction>> together = classifier.classifyAll(pictures);

            assertThat(together).hasSameSizeAs(pictures);
            for (int i = 0; i < pictures.size(); i++) {
                assertThat(byLabel(together.get(i)))
                        .containsExactly(byLabel(classifier.classify(pictures.get(i))), within(1e-5));
            }
            assertThat(byLabel(together.get(0))).isNotEqualTo(byLabel(together.get(1)));
            assertThat(classifier.classifyAll(List.of())).isEmpty();
        }
    }

    /** The runs of the model that so many pictures take. */
    private static int runs(Model model, int pictures) {
        int together = PictureBatch.capacity(
                model.graph(), model.input().name(), model.task().task().outputs());
        return Math.ceilDiv(pictures, together);
    }

    private static double[] byLabel(List<Prediction> predictions) {
        return predictions.stream()
                .sorted(Comparator.comparingInt(Prediction::label))
                .mapToDouble(Prediction::probability)
                .toArray();
    }

    private static List<ValueInfo> withBatch(List<ValueInfo> values, int batch) {
        return values.stream()
                .map(value -> {
                    List<Dim> shape = new ArrayList<>(value.shape().orElseThrow());
                    shape.set(0, Dim.of(batch));
                    return ValueInfo.of(value.name(), value.type().orElseThrow(), shape);
                })
                .toList();
    }

    private static List<RgbImage> pictures(int count) {
        ImageSource images = ImageFolder.open(Shared.path("images/imagenet-val-650"));
        return IntStream.range(0, count).mapToObj(images::image).toList();
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
