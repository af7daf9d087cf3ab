package org.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.testing.Shared;

/** Tests the commands on models that are not classifiers. */
@Tag("shared")
class TaskCommandsTest {
    private static final String ANNOTATIONS = """
            {"images": [{"id": 1, "width": 600, "height": 400, "file_name": "coffee.png"},
                        {"id": 2, "width": 451, "height": 300, "file_name": "chelsea.png"},
                        {"id": 3, "width": 1, "height": 1, "file_name": "elsewhere.png"}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 3, "bbox": [100, 100, 200, 200]},
                             {"id": 2, "image_id": 2, "category_id": 9, "bbox": [50, 50, 300, 200]}],
             "categories": [{"id": 3, "name": "cup"}, {"id": 9, "name": "cat"}]}
            """;

    @TempDir
    Path folder;

    private Path photos;
    private Path detector;

    @BeforeEach
    void find() {
        photos = Shared.path("images/photos");
        detector = folder.resolve("yolos.onnx");
        OnnxFile.write(sure(OnnxFile.read(small("hf-yolos/torchscript"))), detector);
    }

    /** With random weights a detector is never confident: its class scores are multiplied by forty. */
    private static Graph sure(Graph graph) {
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            nodes.add(node.withOutputs(node.outputs().stream()
                    .map(output -> output.equals("logits") ? "small_logits" : output)
                    .toList()));
        }
        nodes.add(Node.of("Mul", List.of("small_logits", "forty"), "logits"));
        Map<String, Weight> weights = new LinkedHashMap<>(graph.weights());
        weights.put("forty", Weight.scalar(40));
        return graph.withNodes(nodes).withWeights(weights);
    }

    @Test
    void quantizesADetectorAndJudgesItByTheBoxesOfTheFloatOne() throws IOException {
        Path output = folder.resolve("int8.onnx");
        Path json = folder.resolve("report.json");

        assertThat(succeed("quantize", detector, "--images", photos, "-o", output, "--json", json))
                .contains("detection (outputs logits and boxes are class scores and boxes)")
                .contains("same boxes", "AP to float", "error of logits", "error of boxes", "resize to 64×64");
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.at("/task").asText()).isEqualTo("detection");
        assertThat(report.at("/metrics/cocoToReference/ap").asDouble()).isBetween(0.3, 1.0);
        assertThat(report.at("/outputErrors/0/relative").asDouble()).isBetween(0.0, 0.15);

        assertThat(succeed("evaluate", output, "--images", photos, "--reference", detector, "--count", 5))
                .contains("detection (the model's own metadata)", "their IoU", "output error");
        assertThat(succeed("inspect", output)).contains("detection (the model's own metadata)");
    }

    @Test
    void measuresADetectorByCocosAnnotations() throws IOException {
        Path annotations = folder.resolve("instances.json");
        Files.writeString(annotations, ANNOTATIONS);
        Path json = folder.resolve("report.json");

        String text = succeed("evaluate", detector, "--images", photos, "--annotations", annotations, "--json", json);

        assertThat(text).contains("2 pictures of", "annotated by", "AP50", "AR100", "AR large");
        JsonNode metrics = new ObjectMapper().readTree(json.toFile()).at("/models/0/metrics");
        assertThat(metrics.at("/annotated").asInt()).isEqualTo(2);
        assertThat(metrics.at("/coco/ar100").asDouble()).isBetween(0.0, 1.0);
        assertThat(metrics.at("/coco/apSmall").isNull()).as("no small object").isTrue();
    }

    @Test
    void drawsWhatADetectorSees() throws IOException {
        Path drawn = folder.resolve("boxes.png");
        Path json = folder.resolve("objects.json");
        Path coffee = photos.resolve("coffee.png");

        String text = succeed("predict", detector, coffee, "--output", drawn, "--threshold", 0.2, "--json", json);

        JsonNode objects = new ObjectMapper().readTree(json.toFile()).at("/0/predictions");
        assertThat(objects.size()).isPositive();
        assertThat(objects.at("/0/box/width").asDouble()).isBetween(0.0, 600.0);
        assertThat(text)
                .contains("class", "left", "width", objects.at("/0/name").asText(), drawn.toString());
        BufferedImage before = ImageIO.read(coffee.toFile());
        BufferedImage after = ImageIO.read(drawn.toFile());
        assertThat(after.getWidth()).isEqualTo(before.getWidth());
        assertThat(differing(before, after)).isPositive();
        assertThat(succeed("predict", detector, coffee, photos.resolve("retina.jpg"), "--output", folder))
                .contains("coffee.png", "retina.png");
        assertThat(succeed("predict", detector, coffee, "--threshold", 1)).contains("nothing with a score of 1.00");
    }

    private static int differing(BufferedImage a, BufferedImage b) {
        int differing = 0;
        for (int y = 0; y < a.getHeight(); y++) {
            for (int x = 0; x < a.getWidth(); x++) {
                differing += (a.getRGB(x, y) & 0xffffff) == (b.getRGB(x, y) & 0xffffff) ? 0 : 1;
            }
        }
        return differing;
    }

    @Test
    void judgesEmbeddingsAndDenseOutputs() {
        Path clip = small("hf-clip-vision/torchscript");
        Path output = folder.resolve("clip.onnx");

        assertThat(succeed("quantize", clip, "--images", photos, "-o", output, "--task", "embedding"))
                .contains("embedding (the caller)", "mean cosine", "nearest neighbour");
        assertThat(succeed("compare", clip, output, "--images", photos, "--task", "embedding", "--rounds", 2))
                .contains("worst cosine", "same neighbour", "output error");
        assertThat(succeed(
                        "quantize",
                        small("hf-dinov2-swiglu/torchscript"),
                        "--images",
                        photos,
                        "-o",
                        output,
                        "--task",
                        "dense"))
                .contains("same places", "mean IoU");
    }

    @Test
    void refusesWhatDoesNotFitTheTask() throws IOException {
        Path classifier = small("timm-vit/torchscript");
        Path coffee = photos.resolve("coffee.png");
        Path annotations = folder.resolve("instances.json");
        Files.writeString(annotations, ANNOTATIONS);

        assertThat(refused("evaluate", classifier, "--images", photos, "--annotations", annotations))
                .contains("only detectors can be measured by them");
        assertThat(refused("evaluate", detector, "--images", photos, "--reference", classifier, "--count", 1))
                .contains("the task of one is classification, that of another detection");
        assertThat(refused("predict", classifier, coffee, "--task", "detection"))
                .contains("boxes (batch, queries, 4)");
        assertThat(refused("predict", classifier, coffee, "--task", "segmentation"))
                .contains("there is no task segmentation; there are classification, detection, embedding, dense");
        assertThat(refused("predict", classifier, coffee, "--engine", "warp"))
                .contains("there is no engine warp; there are onnxruntime");
        assertThat(refused("predict", classifier, coffee, "--task", "embedding"))
                .contains("predict names classes");
        assertThat(refused("predict", classifier, coffee, "-o", folder.resolve("x.png")))
                .contains("nothing to draw");
        assertThat(refused("predict", detector, coffee, "-o", coffee)).contains("is the input itself");
        assertThat(refused("predict", detector, coffee, coffee, "-o", folder.resolve("x.png")))
                .contains("a folder");
        Files.writeString(annotations, ANNOTATIONS.replace("coffee", "tea").replace("chelsea", "tom"));
        assertThat(refused("evaluate", detector, "--images", photos, "--annotations", annotations))
                .contains("lists none of the 11 images");
    }

    private static String refused(Object... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.exitCode()).as(run.out()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
        return run.err();
    }

    private static String succeed(Object... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.out();
    }

    private static Path small(String name) {
        return Shared.path("models/onnx/small/" + name + ".onnx");
    }
}
