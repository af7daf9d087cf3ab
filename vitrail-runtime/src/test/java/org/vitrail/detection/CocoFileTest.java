package org.vitrail.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrail.image.Size;
import org.vitrail.tensor.VitrailException;

class CocoFileTest {
    private static final String GOOD = """
            {"info": {"year": [1, {"a": 2}]},
             "annotations": [
               {"id": 1, "image_id": 7, "category_id": 3, "bbox": [1, 2, 3.5, 4], "iscrowd": 1,
                "segmentation": {"counts": "abc", "size": [1, 2]}},
               {"id": 2, "image_id": 9, "category_id": 3, "bbox": [0, 0, 1, 1], "area": 0.5}],
             "images": [{"id": 7, "width": 640, "height": 480, "file_name": "a.jpg"}],
             "categories": [{"id": 3, "name": "Cat", "supercategory": "animal"}, {"id": 90, "name": "dog"}]}
            """;

    @TempDir
    Path folder;

    @Test
    void readsWhatCountsInAnyOrderAndPassesOverTheRest() throws IOException {
        CocoAnnotations annotations = read(GOOD);

        CocoAnnotations.AnnotatedImage image =
                annotations.ofName("validation/a.jpg").orElseThrow();
        assertThat(image.id()).isEqualTo(7);
        assertThat(image.size()).isEqualTo(new Size(480, 640));
        assertThat(image.objects())
                .containsExactly(new CocoAnnotations.CategoryObject(3, new Box(1, 2, 3.5, 4), 14, true));
        assertThat(annotations.ofName("b.jpg")).isEmpty();
    }

    @Test
    void findsTheModelsClassByNameElseByNumberElseByPlace() throws IOException {
        CocoAnnotations annotations = read(GOOD);

        assertThat(annotations.labels(List.of("dog", "bird", "cat"), 3))
                .containsEntry(3L, 2)
                .containsEntry(90L, 0);
        assertThat(annotations.labels(List.of(), 91)).containsEntry(3L, 3).containsEntry(90L, 90);
        assertThat(annotations.labels(List.of("chat", "chien"), 2))
                .containsEntry(3L, 0)
                .containsEntry(90L, 1);
        assertThatThrownBy(() -> annotations.labels(List.of(), 20))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("2 categories with ids up to 90, but the model has 20 classes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1, 2, 3.5, 4]  | [1, 2, 3.5]        | annotations[0]: field \"bbox\" must be four finite numbers",
                "[1, 2, 3.5, 4]  | [1, 2, 3.5, 4, 5]  | annotations[0]: field \"bbox\" must be four finite numbers",
                "[1, 2, 3.5, 4]  | [1, 2, -3.5, 4]    | annotations[0]: field \"bbox\" must be four finite numbers",
                "[1, 2, 3.5, 4]  | [1, 2, 1e999, 4]   | annotations[0]: field \"bbox\" must be four finite numbers",
                "[1, 2, 3.5, 4]  | [1, 2, \"3\", 4]   | annotations[0]: field \"bbox\" must be four finite numbers",
                "[1, 2, 3.5, 4]  | {\"left\": 1}      | annotations[0]: field \"bbox\" must be four finite numbers",
                "\"bbox\": [0,   | \"box\": [0,       | annotations[1]: field \"bbox\" is missing",
                "\"image_id\": 7,| \"x\": 7,          | annotations[0]: field \"image_id\" is missing",
                "\"image_id\": 7,| \"image_id\": 7.5, | annotations[0]: field \"image_id\" must be a whole number",
                "\"image_id\": 7,| \"image_id\": \"7\",| annotations[0]: field \"image_id\" must be a number",
                "\"category_id\": 3, \"bbox\": [1 | \"category_id\": 5, \"bbox\": [1 | category 5, which the file does not list",
                "640             | 0                  | images[0]: field \"width\" must be a number of pixels",
                "\"a.jpg\"       | 12                 | images[0]: field \"file_name\" must be a short text",
                "\"annotations\" | \"annotation\"     | field \"annotations\" is missing",
                "\"categories\": [{\"id\": 3, | \"categories\": [4, {\"id\": 3, | categories[0]: wanted an object, got 4",
                "\"images\": [   | \"images\": {\"x\": [ | field \"images\" must be an array",
                "{\"info\"       | {info              | is not JSON"
            })
    void saysWhereAMalformedFileIsWrong(String from, String to, String complaint) {
        assertThat(GOOD).contains(from);

        assertThatThrownBy(() -> read(GOOD.replace(from, to)))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("instances.json")
                .hasMessageContaining(complaint);
    }

    @Test
    void refusesFilesThatAreCutShortOrNoneAtAll() {
        for (int length : new int[] {0, 1, 50, 200, GOOD.length() - 3}) {
            assertThatThrownBy(() -> read(GOOD.substring(0, length))).isInstanceOf(VitrailException.class);
        }
        assertThatThrownBy(() -> read("[1, 2]")).hasMessageContaining("wanted a JSON object with images");
        assertThatThrownBy(() -> read("[".repeat(100_000))).isInstanceOf(VitrailException.class);
        assertThatThrownBy(() -> CocoFile.read(folder.resolve("none.json"))).hasMessageContaining("there is no file");
    }

    private CocoAnnotations read(String json) throws IOException {
        Path file = folder.resolve("instances.json");
        Files.writeString(file, json);
        return CocoFile.read(file);
    }
}
