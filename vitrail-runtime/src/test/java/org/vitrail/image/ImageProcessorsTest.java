package org.vitrail.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Shared;

class ImageProcessorsTest {
    private static final Size PICTURE = new Size(400, 600);

    @Test
    @Tag("shared")
    void feedsWhatTheImageProcessorsOfTransformersFeed() throws IOException {
        RgbImage coffee = ImageDecoder.defaults().decode(Shared.path("images/photos/coffee.png"));
        Map<String, List<String[]>> rows = new LinkedHashMap<>();
        for (String line : resource("expected.csv").lines().skip(1).toList()) {
            String[] row = line.split(",", -1);
            rows.computeIfAbsent(row[0], file -> new ArrayList<>()).add(row);
        }
        assertThat(rows).hasSize(22);
        List<String> wrong = new ArrayList<>();
        rows.remove("qwen2vl.json");
        rows.forEach((file, values) -> {
            Tensor fed = read(resource(file)).apply(coffee);
            assertThat(Arrays.toString(fed.shape()).replaceAll("[\\[\\] ]", "").replace(',', 'x'))
                    .as(file)
                    .isEqualTo(values.getFirst()[2]);
            for (String[] row : values) {
                float value = fed.values()[offset(row[3], fed.shape())];
                if (Math.abs(value - Double.parseDouble(row[4])) > 0.02) {
                    wrong.add(String.join(",", row) + " is " + value);
                }
            }
        });
        assertThat(wrong).isEmpty();
    }

    /** The offset of an element given by channel, row and column. */
    private static int offset(String index, int[] shape) {
        int[] at = Arrays.stream(index.split(" ")).mapToInt(Integer::parseInt).toArray();
        int height = shape[shape.length - 2];
        int width = shape[shape.length - 1];
        return (at[at.length - 3] * height + at[at.length - 2]) * width + at[at.length - 1];
    }

    @ParameterizedTest
    @CsvSource({
        "qwen2vl.json, field \"image_processor_type\" must be of a processor that",
        "siglip2naflex.json, field \"image_processor_type\" must be of a processor that",
    })
    void refusesAProcessorThatCutsPatchesByName(String file, String message) {
        assertThatThrownBy(() -> read(resource(file)))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining(message);
    }

    @Test
    void readsTheFieldsInsideAnInnerObject() {
        Preprocessing read = read(resource("rmbg_nested.json"));
        assertThat(read)
                .isEqualTo(PreprocessingPreset.UNIT
                        .at(Size.square(1024))
                        .withFilter(ResizeFilter.BILINEAR)
                        .withMean(Rgb.grey(0.5)));
        assertThat(read("{\"processor_class\": \"CLIPProcessor\", \"image_processor\": {\"image_processor_type\":"
                        + " \"CLIPImageProcessorFast\"}, \"size\": null}"))
                .isEqualTo(PreprocessingPreset.CLIP.at(Size.square(224)));
    }

    @Test
    void readsThePretrainedConfigurationOfTimmInsideAProcessorsFile() {
        assertThat(read("{\"image_processor_type\": \"TimmWrapperImageProcessor\", \"pretrained_cfg\": {\"input_size\":"
                        + " [3, 224, 224], \"crop_pct\": 0.9, \"mean\": [0.5, 0.5, 0.5], \"std\": [0.5, 0.5, 0.5]}}"))
                .isEqualTo(PreprocessingPreset.INCEPTION.at(Size.square(224)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"processor_class\": \"CLIPProcessor\"}",
                "{\"feature_extractor_type\": \"Wav2Vec2FeatureExtractor\", \"do_normalize\": true,"
                        + " \"sampling_rate\": 16000}",
                "{\"something\": {\"else\": [1, 2]}}"
            })
    void findsNothingInAFileWithoutAKnownField(String json) {
        assertThat(PreprocessingFiles.ofHuggingFace(json, "here.json", Optional.empty()))
                .isEmpty();
    }

    @Test
    void takesTheDefaultsOfTheModelsTypeWhereTheFileNamesNoProcessor() {
        String file = "{\"do_normalize\": true, \"do_resize\": true, \"size\": 224}";
        assertThat(PreprocessingFiles.ofHuggingFace(file, "here.json", Optional.of("{\"model_type\": \"vit\"}"))
                        .map(Preprocessing::filter))
                .contains(ResizeFilter.BILINEAR);
        assertThat(PreprocessingFiles.ofHuggingFace(file, "here.json", Optional.of("{\"model_type\": \"clip\"}"))
                        .map(Preprocessing::sizing))
                .contains(new ResizeMode.ShorterSide(224));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'image_processor_type': 'GLPNImageProcessor', 'size_divisor': 32} | 384×576" + " | no std",
                "{'image_processor_type': 'Mask2FormerImageProcessor', 'size': {'shortest_edge': 390,"
                        + " 'longest_edge': 1333}} | 416×608 | ImageNet",
                "{'image_processor_type': 'OneFormerImageProcessor'} | 800×1200 | ImageNet",
                "{'feature_extractor_type': 'PerceiverFeatureExtractor', 'crop_size': 256, 'size': 224}"
                        + " | 224×224 | ImageNet",
                "{'image_processor_type': 'ViltImageProcessor'} | 384×576 | half",
                "{'image_processor_type': 'BridgeTowerImageProcessor'} | 288×288 | CLIP",
                "{'image_processor_type': 'DonutImageProcessor', 'size': [600, 800]} | 800×600 | half",
                "{'image_processor_type': 'EfficientNetImageProcessor'} | 346×346 | half twice",
                "{'image_processor_type': 'TextNetImageProcessor'} | 640×960 | ImageNet",
                "{'image_processor_type': 'SamImageProcessor', 'do_pad': false} | 683×1024 | ImageNet",
                "{'image_processor_type': 'VivitImageProcessor'} | 224×224 | half of both signs",
                "{'image_processor_type': 'MobileNetV2ImageProcessor'} | 224×224 | half",
                "{'image_processor_type': 'RTDetrImageProcessorFast'} | 640×640 | no std",
                "{'image_processor_type': 'DPTImageProcessor', 'ensure_multiple_of': 32,"
                        + " 'size': {'height': 400, 'width': 400}} | 384×384 | half",
                "{'image_processor_type': 'DPTImageProcessor', 'keep_aspect_ratio': true, 'ensure_multiple_of': 32}"
                        + " | 384×576 | half",
                "{'image_processor_type': 'DetrImageProcessor', 'size': {'max_height': 300, 'max_width': 300}}"
                        + " | 200×300 | ImageNet",
            })
    void hasTheDefaultsOfTheProcessorThatAFileNames(String json, String size, String normalisation) {
        Preprocessing read = read(json.replace('\'', '"'));
        Tensor fed = read.apply(RgbImage.of(PICTURE.width(), PICTURE.height(), new byte[3 * 400 * 600]));
        int rank = fed.rank();
        assertThat(new Size(fed.extent(rank - 2), fed.extent(rank - 1))).hasToString(size);
        Preprocessing expected = switch (normalisation) {
            case "no std" -> read.withMean(Rgb.grey(0)).withStd(Rgb.grey(1));
            case "half" -> read.withMean(Rgb.grey(0.5)).withStd(Rgb.grey(0.5));
            case "half twice" -> read.withMean(Rgb.grey(0.5)).withStd(Rgb.grey(0.25));
            case "half of both signs" ->
                read.withRescale(1 / 127.5).withMean(Rgb.grey(1.5)).withStd(Rgb.grey(0.5));
            default -> {
                PreprocessingPreset preset =
                        PreprocessingPreset.ofName(normalisation).orElseThrow();
                yield read.withMean(preset.mean()).withStd(preset.std());
            }
        };
        assertThat(read).isEqualTo(expected);
        assertThat(PreprocessingJson.read(PreprocessingJson.write(read), "here"))
                .isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'size': 224, 'do_grayscale': true} | do_grayscale",
                "{'size': 224, 'image_grid_pinpoints': [[336, 672]]} | image_grid_pinpoints",
                "{'image_processor_type': 'NougatImageProcessor'} | do_crop_margin",
                "{'image_processor_type': 'DPTImageProcessor', 'do_pad': true, 'size_divisor': 14} | do_pad",
                "{'image_processor_type': 'DonutImageProcessor', 'do_align_long_axis': true} | do_align_long_axis",
                "{'image_processor_type': 'BrandNewImageProcessor', 'size': {'height': 64, 'width': 64}} | resample",
                "{'image_processor_type': 'ViTImageProcessor', 'size': [1, 2, 3]} | size",
                "{'image_processor_type': 'ViTImageProcessor', 'resample': 9} | resample",
                "{'image_processor_type': 'ViTImageProcessor', 'keep_aspect_ratio': true} | keep_aspect_ratio",
                "{'feature_extractor_type': 'PoolFormerFeatureExtractor', 'do_resize_and_center_crop': false}"
                        + " | do_resize_and_center_crop",
            })
    void refusesAStepThatItDoesNotFollowAndNamesTheField(String json, String field) {
        assertThatThrownBy(() -> read(json.replace('\'', '"')))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("here.json: field \"" + field + "\"");
    }

    private static Preprocessing read(String json) {
        return PreprocessingFiles.ofHuggingFace(json, "here.json", Optional.empty())
                .orElseThrow();
    }

    private static String resource(String name) {
        try (InputStream in = ImageProcessorsTest.class.getResourceAsStream("processors/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
