package org.vitrail.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.Model;
import org.vitrail.engine.Engines;
import org.vitrail.image.ImageFolder;
import org.vitrail.image.ImageSource;
import org.vitrail.image.SyntheticImages;
import org.vitrail.pipeline.QuantizationConfig;
import org.vitrail.testing.Shared;
import org.vitrail.work.Progress;

@Tag("shared")
class OutputVariationTest {
    private static final String SMALL = "models/onnx/small/timm-vit/torchscript.onnx";

    private static OutputVariation variation(Model model) {
        ImageSource photos = ImageFolder.open(Shared.path("images/photos"));
        return OutputVariation.of(model, photos, Engines.preferred(), 1);
    }

    private static Model rescaled(Model model, double factor) {
        return model.withPreprocessing(
                model.preprocessing().withRescale(model.preprocessing().rescale() * factor));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "models/deit-tiny-in1k",
                "models/vit-tiny-in1k",
                SMALL,
                "models/onnx/small/torchvision-vit/torchscript.onnx",
                "models/onnx/small/hf-detr/torchscript.onnx"
            })
    void acceptsModelsThatTellPicturesApartTrainedOrNot(String path) {
        Model model = Model.open(Shared.path(path));

        assertThat(variation(model).isBlind()).as("%s", variation(model)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"models/deit-tiny-in1k", "models/vit-tiny-in1k"})
    void noticesTrainedModelsThatAreFedWithValuesScaledTwice(String path) {
        Model model = rescaled(Model.open(Shared.path(path)), 1 / 255.0);

        assertThat(variation(model).isBlind()).as("%s", variation(model)).isTrue();
        assertThat(variation(model).warning(model))
                .hasValueSatisfying(text -> assertThat(text).contains("practically the same answer", "1000 classes"));
    }

    @Test
    void warnsBeforeTheRunGoesOnAndKeepsTheMeasureInTheResult() {
        List<String> heard = new ArrayList<>();
        Progress progress = new Progress() {
            @Override
            public Stage begin(String name, int total) {
                heard.add(name);
                return Progress.none().begin(name, total);
            }

            @Override
            public void warn(String sentence) {
                heard.add(sentence);
            }
        };
        Model blind = rescaled(Model.open(Shared.path(SMALL)), 1e-9);

        QuantizedModel quantized =
                Vitrail.quantize(blind, SyntheticImages.of(8, 1), 6, QuantizationConfig.defaults(), progress);

        assertThat(heard.getFirst()).startsWith("the float model gives practically the same answer for every picture");
        assertThat(quantized.variation().isBlind()).isTrue();
    }
}
