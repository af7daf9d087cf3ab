package org.vitrail.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vitrail.tensor.VitrailException;
import org.vitrail.work.Parallel;

/** Tests the contents of the cache, its locks between processes, and that no path leads out of it. */
class RepositoryCacheTest extends HubFixture {
    private static final byte[] WEIGHTS = bytes(300_000);

    /** Environment variables that would change the behaviour or the output of a process. */
    private static final List<String> USERS_SETTINGS =
            List.of("HF_HUB_OFFLINE", "HF_TOKEN", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    @TempDir
    Path elsewhere;

    @BeforeEach
    void model() {
        server.put(MODEL, "config.json", utf8("{}"));
        server.put(MODEL, "model.safetensors", WEIGHTS);
    }

    @Test
    void worksFromTheCacheWhereHubsAreForbidden() {
        Snapshot first = fetch();
        int before = server.requests().size();

        assertThat(fetch(settings("HF_HUB_OFFLINE", "1"), "hf:" + MODEL)).isEqualTo(first);
        assertThat(server.requests()).hasSize(before);
        assertThatThrownBy(() -> fetch(settings("HF_HUB_OFFLINE", "yes"), "hf:other/model"))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("not in the cache")
                .hasMessageContaining("HF_HUB_OFFLINE");
    }

    @Test
    void worksFromTheCacheWhereTheHubCannotBeReachedAndSaysSo() {
        HubSettings settings = settings();
        Snapshot first = fetch();
        server.close();

        Snapshot second = fetch(settings, "hf:" + MODEL);

        assertThat(second.model()).isEqualTo(first.model());
        assertThat(second.remark())
                .hasValueSatisfying(remark -> assertThat(remark)
                        .contains("no connection to localhost", "the cached model is used", "commit 11111111"));
    }

    @Test
    void doesNotTakeWhatIsNotComplete() {
        server.breakOff(100, 50_000);
        assertThatThrownBy(this::fetch).isInstanceOf(VitrailException.class);

        assertThatThrownBy(() -> fetch(settings("HF_HUB_OFFLINE", "1"), "hf:" + MODEL))
                .hasMessageContaining("not in the cache");
    }

    @Test
    void keepsTheModelsOfHubsApart() {
        Snapshot first = fetch();
        assertThat(fetch(settings("HF_ENDPOINT", server.endpoint() + "/"), "hf:" + MODEL))
                .isEqualTo(first);
        assertThatThrownBy(() ->
                        fetch(settings("HF_ENDPOINT", "https://huggingface.co", "HF_HUB_OFFLINE", "1"), "hf:" + MODEL))
                .hasMessageContaining("not in the cache");
    }

    @Test
    void letsThreadsShareOneDownload() {
        List<Path> models = Parallel.map(6, 6, i -> fetch().model());

        assertThat(models).containsOnly(models.getFirst());
        assertThat(models.getFirst()).hasBinaryContent(WEIGHTS);
        assertThat(downloadsOfTheWeights()).isEqualTo(1);
    }

    @Test
    void letsProcessesShareOneDownload() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ProcessBuilder builder = new ProcessBuilder(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-Xmx64m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    OneDownload.class.getName(),
                    "hf:" + MODEL);
            builder.environment().keySet().removeAll(USERS_SETTINGS);
            builder.environment().put("HF_ENDPOINT", server.endpoint().toString());
            builder.environment().put("VITRAIL_CACHE", cache.toString());
            processes.add(builder.redirectErrorStream(true).start());
        }
        for (Process process : processes) {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(text).isZero();
            assertThat(Path.of(text.strip())).hasBinaryContent(WEIGHTS);
        }
        assertThat(downloadsOfTheWeights()).isEqualTo(1);
    }

    private long downloadsOfTheWeights() {
        return server.contentRequests().stream()
                .filter(request -> request.server().equals("content"))
                .count();
    }

    /** Replaces each folder of the cache in turn by a link to a folder elsewhere. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void writesNothingThroughLinks() throws IOException {
        fetch();
        List<Path> folders;
        try (Stream<Path> walk = Files.walk(cache)) {
            folders = walk.filter(Files::isDirectory)
                    .filter(folder -> !folder.equals(cache))
                    .toList();
        }
        assertThat(folders).hasSizeGreaterThan(5);
        server.commit(MODEL, "2".repeat(40));
        server.put(MODEL, "config.json", utf8("{\"new\": 1}"));
        for (Path folder : folders) {
            if (folder.endsWith("1".repeat(40))) {
                continue;
            }
            Path aside = folder.resolveSibling("aside");
            Files.move(folder, aside);
            Files.createSymbolicLink(folder, elsewhere);
            assertThatThrownBy(this::fetch)
                    .as(folder.toString())
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("is a link");
            assertThat(elsewhere).isEmptyDirectory();
            Files.delete(folder);
            Files.move(aside, folder);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void neitherWritesNorReadsThroughLinksInPlaceOfFiles() throws IOException {
        Path victim = Files.writeString(elsewhere.resolve("victim"), "precious");
        server.breakOff(100, 50_000);
        assertThatThrownBy(this::fetch).isInstanceOf(VitrailException.class);
        server.behave();
        Path partial = partial();
        Files.delete(partial);
        Files.createSymbolicLink(partial, victim);
        assertThatThrownBy(this::fetch).isInstanceOf(VitrailException.class);
        assertThat(victim).hasContent("precious");
        Files.delete(partial);

        Path model = fetch().model();
        Files.delete(model);
        Files.createSymbolicLink(model, victim);
        assertThatThrownBy(() -> fetch(settings("HF_HUB_OFFLINE", "1"), "hf:" + MODEL))
                .hasMessageContaining("not in the cache");
        assertThat(Files.isSymbolicLink(fetch().model())).isFalse();
        assertThat(victim).hasContent("precious");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void mayItselfBeALink() throws IOException {
        Path link = Files.createSymbolicLink(elsewhere.resolve("link"), cache);
        assertThat(fetch(settings("VITRAIL_CACHE", link.toString()), "hf:" + MODEL)
                        .model())
                .hasBinaryContent(WEIGHTS);
    }

    @Test
    void saysThatItCannotBeUsed() throws IOException {
        Path file = Files.writeString(elsewhere.resolve("file"), "");
        assertThatThrownBy(() -> fetch(settings("VITRAIL_CACHE", file.toString()), "hf:" + MODEL))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("set VITRAIL_CACHE to use another folder");
    }
}
