package org.vitrail.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Shared;

class PreprocessingTest {
    private static final Preprocessing UNIT = PreprocessingPreset.UNIT.at(Size.square(4));

    @Test
    @Tag("shared")
    void seesThePixelsThatTheUsualEvaluationTransformSees() throws IOException {
        ImageDecoder decoder = ImageDecoder.defaults();
        Path folder = Shared.path("vectors/preprocess");
        List<String> cases = Files.readAllLines(folder.resolve("cases.csv"));
        assertThat(cases).hasSize(5);
        Preprocessing preprocessing = PreprocessingPreset.INCEPTION.at(Size.square(224));
        assertThat(preprocessing.sizing()).isEqualTo(new ResizeMode.ShorterSide(248));
        for (String line : cases.subList(1, cases.size())) {
            String[] fields = line.split(",", -1);

            RgbImage seen = preprocessing.resizeAndCrop(decoder.decode(Shared.path(fields[0])));

            RgbImage expected = decoder.decode(folder.resolve(fields[4]));
            assertThat(Pictures.largestDifference(seen, expected)).as(line).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void normalisesEachChannel() {
        RgbImage image = RgbImage.of(2, 1, new byte[] {0, 51, (byte) 255, (byte) 255, 102, 0});
        Preprocessing preprocessing = UNIT.withSizing(new ResizeMode.Keep())
                .withMean(new Rgb(0.5, 0, 0.25))
                .withStd(new Rgb(0.5, 2, 1));

        Tensor tensor = preprocessing.apply(image);

        assertThat(tensor.shape()).containsExactly(3, 1, 2);
        assertThat(tensor.values()).containsExactly(new float[] {-1, 1, 0.1f, 0.2f, 0.75f, -0.25f}, within(1e-7f));
    }

    @Test
    void putsChannelsLastWhereTheLayoutSaysSo() {
        RgbImage image = RgbImage.of(2, 1, new byte[] {0, 51, (byte) 255, (byte) 255, 102, 0});
        Tensor tensor =
                UNIT.withSizing(new ResizeMode.Keep()).withLayout(Layout.NHWC).apply(image);
        assertThat(tensor.shape()).containsExactly(1, 2, 3);
        assertThat(tensor.values()).containsExactly(new float[] {0, 0.2f, 1, 1, 0.4f, 0}, within(1e-7f));
    }

    @Test
    void resizesTheShorterSideAndRoundsTheLongerDown() {
        assertThat(new ResizeMode.ShorterSide(248).target(new Size(256, 341))).isEqualTo(new Size(248, 330));
        assertThat(new ResizeMode.ShorterSide(248).target(new Size(341, 256))).isEqualTo(new Size(330, 248));
    }

    @Test
    void roundsTheCropToEvenAsTorchvisionDoes() {
        assertThat(cropOfRamp(5, 2)).containsExactly(2, 3);
        assertThat(cropOfRamp(7, 2)).containsExactly(2, 3);
        assertThat(cropOfRamp(6, 2)).containsExactly(2, 3);
        assertThat(cropOfRamp(9, 2)).containsExactly(4, 5);
    }

    @Test
    void padsAPictureSmallerThanTheCropWithBlack() {
        assertThat(cropOfRamp(3, 6)).containsExactly(0, 0, 1, 2, 0, 0);
    }

    /** Returns the columns that a centre crop keeps of an image whose values are the column numbers. */
    private static int[] cropOfRamp(int width, int crop) {
        byte[] pixels = new byte[3 * width];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i / 3);
        }
        RgbImage cropped = UNIT.withSizing(new ResizeMode.Keep())
                .withCrop(Optional.of(new Size(1, crop)))
                .resizeAndCrop(RgbImage.of(width, 1, pixels));
        int[] columns = new int[crop];
        for (int x = 0; x < crop; x++) {
            columns[x] = cropped.sample(x, 0, 0);
        }
        return columns;
    }

    @Test
    void seesOnlyTheMiddleOfAPictureUnlessAskedForTheWhole() {
        Preprocessing cropped = PreprocessingPreset.IMAGENET.at(Size.square(224));
        Preprocessing whole = cropped.withWholePicture(Size.square(224));
        assertThat(cropped.describe())
                .isEqualTo("resize the shorter side to 256 (bicubic), centre crop 224×224, × 1/255, "
                        + "mean 0.485 0.456 0.406, std 0.229 0.224 0.225, RGB NCHW");
        assertThat(whole.describe())
                .isEqualTo("resize to 224×224 (bicubic), × 1/255, "
                        + "mean 0.485 0.456 0.406, std 0.229 0.224 0.225, RGB NCHW");
        assertThat(cropped.outputSize()).isEqualTo(whole.outputSize()).contains(Size.square(224));
    }

    @Test
    void adaptsPresetsToTheInput() {
        assertThat(PreprocessingPreset.IMAGENET.at(Size.square(384)).sizing())
                .isEqualTo(new ResizeMode.ShorterSide(438));
        assertThat(PreprocessingPreset.CLIP.at(Size.square(336)).sizing()).isEqualTo(new ResizeMode.ShorterSide(336));
        assertThat(PreprocessingPreset.CIFAR10.at(Size.square(32)).sizing())
                .isEqualTo(new ResizeMode.Exact(Size.square(32)));
        assertThat(PreprocessingPreset.IMAGENET.at(new Size(224, 160)).sizing())
                .isEqualTo(new ResizeMode.Exact(new Size(224, 160)));
    }

    @Test
    void rejectsAZeroStandardDeviationAndNamesTheValues() {
        assertThatThrownBy(() -> UNIT.withStd(new Rgb(1, 0, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("std 1.0 0.0 1.0");
    }
}
