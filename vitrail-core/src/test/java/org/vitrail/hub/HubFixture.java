package org.vitrail.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.vitrail.testing.LocalHub;
import org.vitrail.work.Progress;

/** Starts a hub on this machine, with an empty cache and a client with short retry pauses. */
abstract class HubFixture {
    static final String MODEL = "someone/a-model";
    static final RetryPolicy FAST_RETRIES = new RetryPolicy(4, Duration.ofMillis(1), Duration.ofSeconds(20));

    final LocalHub server = new LocalHub();

    @TempDir
    Path cache;

    @AfterEach
    void close() {
        server.close();
    }

    /** Settings from an environment such as a user's. */
    HubSettings settings(String... more) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HF_ENDPOINT", server.endpoint().toString());
        environment.put("VITRAIL_CACHE", cache.toString());
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return HubSettings.ofEnvironment(environment).withRetryPolicy(FAST_RETRIES);
    }

    Snapshot fetch() {
        return fetch(settings(), "hf:" + MODEL);
    }

    static Snapshot fetch(HubSettings settings, String reference) {
        return new Hub(settings).fetch(HubReference.parse(reference), Progress.none());
    }

    /** All named files in the cache, relative to the cache. */
    List<String> visible() {
        return files().stream().filter(file -> file.contains("/snapshots/")).toList();
    }

    List<String> files() {
        try (Stream<Path> walk = Files.walk(cache)) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> cache.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Content of which the first bytes have arrived. */
    Path partial() {
        List<String> partial =
                files().stream().filter(file -> file.endsWith(".partial")).toList();
        assertThat(partial).hasSize(1);
        return cache.resolve(partial.getFirst());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }
}
