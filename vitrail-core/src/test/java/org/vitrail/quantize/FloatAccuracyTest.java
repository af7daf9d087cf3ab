package org.vitrail.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrail.Model;
import org.vitrail.ablation.FloatRun;
import org.vitrail.image.ImageFolder;
import org.vitrail.image.PreprocessingPreset;
import org.vitrail.image.Size;
import org.vitrail.testing.Shared;
import org.vitrail.testing.TestEngines;

/** The float models, through our own decoding and preprocessing, are as good as elsewhere. */
@Tag("shared")
class FloatAccuracyTest {
    /** The pictures are 227×227 and cut to the middle already: the whole of each is resized to the input. */
    @ParameterizedTest
    @CsvSource({"deit-tiny-in1k.timm.torchscript.onnx, IMAGENET, 520", "vit-tiny-in1k.timm.dynamo.onnx, INCEPTION, 537"
    })
    void getsAsManyValidationImagesRightAsTheReference(String file, PreprocessingPreset preset, int right) {
        Size size = Size.square(224);
        Model model = Model.open(Shared.path("models/onnx/" + file))
                .withPreprocessing(preset.at(size).withWholePicture(size));
        FloatRun run =
                FloatRun.of(model, ImageFolder.open(Shared.path("images/imagenet-val-650")), TestEngines.context(2));

        assertThat(run.metrics().labelled()).isEqualTo(650);
        assertThat(run.metrics().top1()).isBetween(right - 2, right + 2);
    }
}
