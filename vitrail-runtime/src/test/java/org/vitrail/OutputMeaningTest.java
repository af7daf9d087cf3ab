package org.vitrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vitrail.engine.EngineOptions;
import org.vitrail.image.RgbImage;
import org.vitrail.image.Size;
import org.vitrail.image.SyntheticImages;
import org.vitrail.model.ModelFiles;
import org.vitrail.task.ScoreForm;
import org.vitrail.task.Task;
import org.vitrail.tensor.Tensor;

/** Models with outputs of all kinds, as people export them, are read as what they are. */
class OutputMeaningTest {
    private static final RgbImage PICTURE = SyntheticImages.of(1, 0).image(0);

    private static Path model(String name) {
        try {
            return Path.of(OutputMeaningTest.class
                    .getResource("task/" + name + ".onnx")
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void probabilitiesOfASoftmaxInsideTheGraphAreTakenAsTheyAre() {
        Model model = Model.open(model("softmax-inside"));
        try (Classifier classifier = Classifier.of(model, 1);
                RunningModel running = model.start(EngineOptions.defaults())) {
            Tensor own = running.outputs(PICTURE).get("probs");
            List<Prediction> predictions = classifier.classify(PICTURE);

            assertThat(predictions)
                    .hasSize(7)
                    .allSatisfy(one -> assertThat((float) one.probability()).isEqualTo(own.values()[one.label()]));
        }
    }

    @Test
    void aDetectorWithSymbolicBoxesIsADetectorWithASigmoidForEachClass() {
        Model model = Model.open(model("detector-with-symbolic-boxes"));

        assertThat(model.task().task())
                .isEqualTo(new Task.ObjectDetection("logits", "pred_boxes", ScoreForm.SIGMOID_LOGITS));
        assertThat(model.classes()).hasValue(8);
        assertThat(model.preprocessing().describe()).contains("resize to 128×128");
        try (Detector detector = Detector.of(model, 1);
                RunningModel running = model.start(EngineOptions.defaults())) {
            float[] logits = running.outputs(PICTURE).get("logits").values();
            float best = Float.NEGATIVE_INFINITY;
            for (float logit : logits) {
                best = Math.max(best, logit);
            }
            assertThat(detector.detect(PICTURE, 0).getFirst().score())
                    .isCloseTo(1 / (1 + Math.exp(-best)), within(1e-9));
        }
    }

    @Test
    void whatTheMetadataOfAQuantizedDetectorSaysIsEnoughToReadItsScores() {
        Model model = Model.open(model("detector-with-symbolic-boxes"));
        Model again = Model.of(new ModelFiles(
                Path.of("again.onnx"),
                model.graph().withMetadata(model.metadata()),
                Optional::empty,
                List.of(),
                Optional.empty()));

        assertThat(again.task().task()).isEqualTo(model.task().task());
        assertThat(again.task().reason()).isEqualTo("the model's own metadata");
    }

    @Test
    void aDetectorWithPostProcessingGivesItsListOfDetections() {
        Model model = Model.open(model("detector-with-post-processing"));

        assertThat(model.task().task())
                .isEqualTo(new Task.DetectionList("labels", "boxes", "scores", Optional.of(Size.square(128))));
        assertThat(model.preprocessing().describe()).contains("resize to 128×128");
        try (Detector detector = Detector.of(model, 1);
                RunningModel running = model.start(EngineOptions.defaults())) {
            Map<String, Tensor> own = running.outputs(PICTURE);
            List<DetectedObject> objects = detector.detect(PICTURE, 0);

            assertThat(objects).hasSize(20);
            DetectedObject best = objects.getFirst();
            assertThat(best.label()).isEqualTo(Math.round(own.get("labels").values()[0]));
            assertThat((float) best.score()).isEqualTo(own.get("scores").values()[0]);
            assertThat(best.box().left())
                    .isCloseTo(own.get("boxes").values()[0] * PICTURE.width() / 128.0, within(1e-6));
        }
    }

    @Test
    void aDetectorThatTakesTargetSizesSeesWhatTheOneWithoutSees() {
        Model model = Model.open(model("detector-with-target-sizes"));
        assertThat(model.input().sizes()).contains("orig_target_sizes");
        try (Detector detector = Detector.of(model, 1);
                Detector other = Detector.load(model("detector-with-post-processing"))) {
            List<DetectedObject> objects = detector.detect(PICTURE, 0);
            List<DetectedObject> wanted = other.detect(PICTURE, 0);

            assertThat(objects).hasSize(20);
            assertThat(objects.getFirst().box().left())
                    .isCloseTo(wanted.getFirst().box().left(), within(1e-2));
            assertThat(objects.getFirst().label()).isEqualTo(wanted.getFirst().label());
        }
    }

    @Test
    void aMapOfWholeNumbersIsAClassForEveryPlace() {
        Model model = Model.open(model("class-map"));

        assertThat(model.task().task()).isEqualTo(new Task.ClassMap("mask"));
        assertThat(model.task().describe()).isEqualTo("dense (output mask holds whole numbers)");
        assertThat(model.preprocessing().describe()).contains("resize to 128×128");
    }
}
