package org.vitrail.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.vitrail.testing.Shared;

class CocoEvaluationTest {
    private static final Box BOX = new Box(10, 10, 50, 50);

    @Test
    @Tag("shared")
    void givesTheTwelveNumbersOfPycocotools() throws IOException {
        Path folder = Shared.path("vectors/coco");
        CocoAnnotations annotations = CocoFile.read(folder.resolve("instances.json"));
        Map<Long, List<Detection>> detections = new HashMap<>();
        for (JsonNode detection :
                new ObjectMapper().readTree(folder.resolve("detections.json").toFile())) {
            JsonNode box = detection.get("bbox");
            detections
                    .computeIfAbsent(detection.get("image_id").asLong(), id -> new ArrayList<>())
                    .add(new Detection(
                            detection.get("category_id").asInt(),
                            detection.get("score").asDouble(),
                            new Box(
                                    box.get(0).asDouble(),
                                    box.get(1).asDouble(),
                                    box.get(2).asDouble(),
                                    box.get(3).asDouble())));
        }
        Map<Long, Integer> labels = annotations.labels(List.of(), 10);
        List<DetectedImage> images = annotations.images().values().stream()
                .sorted(Comparator.comparingLong(CocoAnnotations.AnnotatedImage::id))
                .map(image -> new DetectedImage(image.truth(labels), detections.getOrDefault(image.id(), List.of())))
                .toList();

        JsonNode figures = new ObjectMapper().valueToTree(CocoEvaluation.of(images));

        JsonNode expected =
                new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
        assertThat(expected.size()).isEqualTo(12);
        expected.properties()
                .forEach(figure -> assertThat(
                                figures.get(nameOf(figure.getKey())).asDouble())
                        .as(figure.getKey())
                        .isCloseTo(figure.getValue().asDouble(), within(1e-6)));
    }

    /** The name {@code APsmall} is {@code apSmall} here. */
    private static String nameOf(String pycocotools) {
        String range = pycocotools.substring(2);
        return pycocotools.substring(0, 2).toLowerCase(Locale.ROOT)
                + (range.isEmpty() ? "" : Character.toUpperCase(range.charAt(0)) + range.substring(1));
    }

    @Test
    void aDetectorThatFindsEverythingHasAllFiguresOne() {
        DetectedImage image = DetectedImage.against(
                List.of(new Detection(3, 0.9, BOX)), List.of(new Detection(3, 0.2, BOX), new Detection(4, 0.9, BOX)));

        CocoMetrics figures = CocoEvaluation.of(List.of(image));

        assertThat(figures.ap()).isCloseTo(1, within(1e-12));
        assertThat(figures.apMedium()).isCloseTo(1, within(1e-12));
        assertThat(figures.ar1()).isEqualTo(1);
        assertThat(figures.apSmall()).as("no small object").isNaN();
    }

    @Test
    void aSecondDetectionOfAnObjectCountsAgainst() {
        DetectedImage image = DetectedImage.against(
                List.of(new Detection(0, 1, BOX), new Detection(0, 1, new Box(200, 10, 50, 50))),
                List.of(
                        new Detection(0, 0.9, BOX),
                        new Detection(0, 0.8, new Box(11, 10, 50, 50)),
                        new Detection(0, 0.7, new Box(200, 10, 50, 50))));

        // Precision 1 up to recall 1/2 (51 of the 101 recalls), then 2/3.
        assertThat(CocoEvaluation.of(List.of(image)).ap()).isCloseTo((51 + 50 * 2 / 3.0) / 101, within(1e-9));
    }

    @Test
    void detectionsInsideACrowdCountNeitherForNorAgainst() {
        List<GroundTruthObject> objects = List.of(
                new GroundTruthObject(0, BOX, BOX.area(), false),
                new GroundTruthObject(0, new Box(100, 100, 300, 300), 90000, true));
        List<Detection> detections = List.of(
                new Detection(0, 0.95, new Box(110, 110, 40, 40)),
                new Detection(0, 0.9, new Box(200, 200, 40, 40)),
                new Detection(0, 0.5, BOX));

        assertThat(CocoEvaluation.of(List.of(new DetectedImage(objects, detections)))
                        .ap())
                .isCloseTo(1, within(1e-9));
    }
}
