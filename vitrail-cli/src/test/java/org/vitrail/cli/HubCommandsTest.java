package org.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrail.testing.LocalHub;
import org.vitrail.testing.Shared;

/** Tests the commands on models of a hub. */
@Tag("shared")
class HubCommandsTest {
    private static final String MODEL = "hf:someone/small-vit";

    private final LocalHub hub = new LocalHub();

    @TempDir
    Path folder;

    private Path original;
    private Map<String, String> environment;

    @BeforeEach
    void model() {
        original = Shared.path("models/small-checkpoints/hf-vit");
        hub.put("someone/small-vit", original, "config.json", "preprocessor_config.json", "model.safetensors");
        environment = Map.of(
                "HF_ENDPOINT", hub.endpoint().toString(),
                "VITRAIL_CACHE", folder.resolve("cache").toString());
    }

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void importsWhatTheFolderOfTheSameFilesGives() throws IOException {
        Path output = folder.resolve("hub.onnx");
        Path same = folder.resolve("local.onnx");

        String text = succeed("import", MODEL, "-o", output);

        assertThat(text)
                .contains("hf:someone/small-vit, commit 11111111", "2 blocks, width 48", "64×64", "configuration");
        succeed("import", original.resolve("model.safetensors"), "-o", same);
        assertThat(output).hasSameBinaryContentAs(same);
    }

    @Test
    void everyCommandTakesAModelOfAHubAndOneDownloadServesAll() throws IOException {
        Path photos = Shared.path("images/photos");
        Path output = folder.resolve("int8.onnx");
        Path json = folder.resolve("report.json");

        succeed("quantize", MODEL, "--images", photos, "-o", output, "--count", 8, "--json", json);
        assertThat(succeed("inspect", MODEL)).contains(MODEL + ", commit", "Everything that multiplies was recognised");
        assertThat(succeed("evaluate", MODEL, "--images", photos, "--count", 3)).contains(MODEL + ", commit");
        assertThat(succeed("evaluate", output, "--reference", MODEL, "--images", photos, "--count", 3))
                .contains("agreement");
        assertThat(succeed("compare", MODEL, output, "--rounds", 2)).contains("small-vit", "int8.onnx");
        assertThat(succeed("predict", MODEL, photos.resolve("retina.jpg"))).contains("LABEL_");

        assertThat(new ObjectMapper().readTree(json.toFile()).at("/input/path").asText())
                .endsWith("model.safetensors");
        assertThat(hub.contentRequests())
                .filteredOn(request -> request.server().equals("content"))
                .hasSize(1);
    }

    @Test
    void worksWithoutTheHubOnceTheModelIsThereAndSaysSo() {
        succeed("inspect", MODEL);
        hub.close();

        CommandLineRun run = CommandLineRun.in(environment, "inspect", MODEL, "-q");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("no connection to localhost", "the cached model is used");
    }

    @Test
    void importsTheOnnxFileOfAModelThatHasNothingElse() throws IOException {
        Path onnx = Shared.path("models/onnx/small/timm-vit/torchscript.onnx");
        hub.put("someone/onnx-only", "onnx/model.onnx", Files.readAllBytes(onnx));
        hub.put("someone/onnx-only", original, "preprocessor_config.json");
        Path output = folder.resolve("out.onnx");

        assertThat(succeed("import", "hf:someone/onnx-only", "-o", output))
                .contains("the ONNX file that the hub has", "64×64");
        assertThat(succeed("inspect", output)).contains("the model's own metadata");
    }

    @Test
    void saysInOneSentenceWhatIsWrongAndWritesNothing() throws IOException {
        for (String wrong : new String[] {"hf:someone/unknown", "hf:../../x", "hf:", MODEL + "@nowhere"}) {
            CommandLineRun run = CommandLineRun.in(environment, "import", wrong, "-o", folder.resolve("out.onnx"));
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err().lines()).as(run.err()).hasSize(1).allMatch(line -> line.startsWith("vitrail: hf:"));
        }
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    private String succeed(Object... arguments) {
        CommandLineRun run = CommandLineRun.in(environment, arguments);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.out();
    }
}
