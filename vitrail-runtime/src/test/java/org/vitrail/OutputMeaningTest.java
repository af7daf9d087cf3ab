package org.vitrail;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrail.engine.EngineOptions;
import org.vitrail.image.RgbImage;
import org.vitrail.image.SyntheticImages;
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
}
