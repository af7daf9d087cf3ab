package org.vitrail.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.Model;
import org.vitrail.PreprocessingOrigin;
import org.vitrail.engine.Engine;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Shared;
import org.vitrail.testing.TestEngines;

/** Tests which files are fetched, and that they are the model's. */
class HubTest extends HubFixture {
    private static final String[] CHECKPOINT = {"config.json", "preprocessor_config.json", "model.safetensors"};

    @ParameterizedTest
    @ValueSource(strings = {"hf-vit", "hf-deit-distilled"})
    @Tag("shared")
    void fetchesACheckpointThatGivesItsExpectedOutputAndPreprocessing(String name) throws Exception {
        Path original = Shared.path("models/small-checkpoints/" + name);
        server.put(MODEL, original, CHECKPOINT);
        server.put(MODEL, "pytorch_model.bin", bytes(20_000));

        Snapshot snapshot = fetch();

        for (String file : CHECKPOINT) {
            assertThat(snapshot.model().resolveSibling(file)).hasSameBinaryContentAs(original.resolve(file));
        }
        assertThat(visible()).hasSize(3);
        Model model = Model.open(snapshot.model());
        assertThat(model.origin()).isEqualTo(PreprocessingOrigin.FILES);
        assertThat(model.preprocessing().describe()).contains("64×64").contains("0.5");
        float[] expected = Shared.floats(original.resolve("output.f32"));
        float[] logits = logits(model, Shared.floats(original.resolve("input.f32")));
        for (int i = 0; i < expected.length; i++) {
            assertThat(logits[i]).isCloseTo(expected[i], Offset.offset(1e-4f));
        }
    }

    private static float[] logits(Model model, float[] pixels) {
        try (Engine engine = TestEngines.open(model.graph())) {
            return engine.run(Map.of("pixel_values", Tensor.of(new int[] {2, 3, 64, 64}, pixels)))
                    .get("logits")
                    .values();
        }
    }

    @Test
    void asksOnlyForTheCommitWhereTheCacheIsUpToDate() {
        server.put(MODEL, "model.safetensors", bytes(30_000));
        Snapshot first = fetch();
        int before = server.requests().size();

        Snapshot second = fetch();

        assertThat(second).isEqualTo(first);
        assertThat(server.requests().size() - before).isEqualTo(1);
    }

    @Test
    void downloadsOfANewCommitOnlyWhatChanged() throws Exception {
        server.put(MODEL, "config.json", utf8("{}"));
        server.put(MODEL, "model.safetensors", bytes(30_000));
        Snapshot first = fetch();
        server.put(MODEL, "config.json", utf8("{\"a\": 1}"));
        server.commit(MODEL, "2".repeat(40));
        int before = server.contentRequests().size();

        Snapshot second = fetch();

        assertThat(second.commit()).isEqualTo("2".repeat(40));
        assertThat(second.model()).hasSameBinaryContentAs(first.model());
        assertThat(second.model().resolveSibling("config.json")).hasContent("{\"a\": 1}");
        assertThat(first.model().resolveSibling("config.json")).hasContent("{}");
        assertThat(server.contentRequests().stream().skip(before).map(request -> request.path()))
                .allMatch(path -> path.endsWith("config.json"));
    }

    @Test
    void findsRevisionsAndCommits() {
        server.put(MODEL, "model.safetensors", bytes(30_000));

        assertThat(fetch(settings(), "hf:" + MODEL + "@refs/pr/1").commit()).isEqualTo("1".repeat(40));
        int before = server.requests().size();
        assertThat(fetch(settings(), "hf:" + MODEL + "@" + "1".repeat(40)).model())
                .hasSize(30_000);
        assertThat(server.requests()).as("a commit never changes").hasSize(before);
        assertThatThrownBy(() -> fetch(settings(), "hf:" + MODEL + "@v9"))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("no revision \"v9\"");
    }

    @Test
    void fetchesShardsAndTheirIndex() throws Exception {
        server.put(MODEL, "model-1-of-2.safetensors", bytes(30_000));
        server.put(MODEL, "model-2-of-2.safetensors", bytes(40_000));
        index("model-1-of-2.safetensors", "model-2-of-2.safetensors");

        Snapshot snapshot = fetch();

        assertThat(snapshot.model()).isDirectory();
        assertThat(snapshot.model().resolve("model.safetensors.index.json")).isRegularFile();
        assertThat(Files.readAllBytes(snapshot.model().resolve("model-2-of-2.safetensors")))
                .isEqualTo(bytes(40_000));
        assertThat(visible()).hasSize(3);
    }

    @Test
    void refusesShardsThatAreNotThere() {
        index("model-1-of-1.safetensors");
        assertThatThrownBy(this::fetch)
                .hasMessageContaining("names the shard model-1-of-1.safetensors, which is missing");
        assertThat(visible()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../evil.safetensors",
                "/tmp/evil.safetensors",
                "sub/evil.safetensors",
                "..\\\\evil.safetensors",
                "..safetensors",
                ".hidden.safetensors",
                "C:evil.safetensors",
                "a\\u0000.safetensors",
                "a\\u001b[2J.safetensors",
                "config.json",
                ""
            })
    void refusesShardNamesThatCouldLeadElsewhere(String name) {
        index(name);
        assertThatThrownBy(this::fetch)
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("not a safetensors file beside it")
                .hasMessageNotContaining("\u001b");
        assertThat(visible()).isEmpty();
    }

    private void index(String... shards) {
        StringBuilder map = new StringBuilder();
        for (int i = 0; i < shards.length; i++) {
            map.append(i == 0 ? "" : ",")
                    .append("\"w")
                    .append(i)
                    .append("\":\"")
                    .append(shards[i])
                    .append('"');
        }
        server.put(MODEL, "model.safetensors.index.json", utf8("{\"weight_map\":{" + map + "}}"));
    }

    @Test
    @Tag("shared")
    void takesTheOnnxFileWhereThereIsNothingElse() {
        Path original = Shared.path("models/onnx/small/timm-vit/torchscript.onnx");
        server.put(MODEL, original.getParent(), "torchscript.onnx");
        server.put(MODEL, "onnx/model.onnx", read(original));
        server.put(MODEL, Shared.path("models/small-checkpoints/hf-vit"), "config.json", "preprocessor_config.json");

        Model model = Model.open(fetch().model());

        assertThat(model.graph().nodes())
                .hasSameSizeAs(Model.open(original).graph().nodes());
        assertThat(model.origin()).isEqualTo(PreprocessingOrigin.FILES);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void saysWhatToDoWithPicklesAndWithNothing() {
        server.put(MODEL, "config.json", utf8("{}"));
        assertThatThrownBy(this::fetch)
                .hasMessageContaining("neither model.safetensors")
                .hasMessageContaining("onnx");
        server.put(MODEL, "pytorch_model.bin", bytes(20_000));
        assertThatThrownBy(this::fetch)
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("Python pickle")
                .hasMessageContaining("@refs/pr/1");
        assertThat(server.contentRequests()).isEmpty();
    }

    @Test
    void downloadsNoMoreThanIsAllowed() {
        server.put(MODEL, "model.safetensors", bytes(30_000));
        assertThatThrownBy(() -> fetch(settings().withMaxBytes(29_999), "hf:" + MODEL))
                .hasMessageContaining("takes 0.0 MB or more");
        assertThat(server.contentRequests()).isEmpty();
        assertThat(fetch(settings().withMaxBytes(30_000), "hf:" + MODEL).model())
                .hasSize(30_000);
    }
}
