package org.vitrail.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.LocalHub.Request;

/** Tests downloads from servers that disconnect, send wrong data, refuse or redirect elsewhere. */
class BadServersTest extends HubFixture {
    private static final byte[] WEIGHTS = bytes(300_000);

    @BeforeEach
    void model() {
        server.put(MODEL, "config.json", utf8("{}"));
        server.put(MODEL, "model.safetensors", WEIGHTS);
    }

    private void assertWhole(Snapshot snapshot) throws IOException {
        assertThat(Files.readAllBytes(snapshot.model())).isEqualTo(WEIGHTS);
        assertThat(files()).noneMatch(file -> file.endsWith(".partial"));
    }

    @Test
    void goesOnWhereTheConnectionBroke() throws IOException {
        server.breakOff(3, 70_000);

        assertWhole(fetch());

        assertThat(server.contentRequests().stream()
                        .filter(request -> request.server().equals("content"))
                        .map(Request::range))
                .hasSize(4)
                .startsWith(Optional.empty())
                .allMatch(range -> range.isEmpty() || range.get().matches("bytes=\\d+-"))
                .doesNotHaveDuplicates();
    }

    @Test
    void keepsWhatCameForTheNextRun() throws IOException {
        server.breakOff(100, 50_000);
        assertThatThrownBy(this::fetch)
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("broke")
                .hasMessageContaining("downloaded parts are kept")
                .matches(BadServersTest::isRetryable);
        assertThat(visible()).isEmpty();
        long came = Files.size(partial());
        assertThat(came).isBetween(1L, 299_999L);
        server.behave();

        assertWhole(fetch());

        assertThat(server.contentRequests().getLast().range()).contains("bytes=" + came + "-");
    }

    @Test
    void startsAgainWhereTheServerIgnoresRanges() throws IOException {
        server.ignoreRanges();
        server.breakOff(2, 100_000);
        assertWhole(fetch());
    }

    @Test
    void startsAgainWhereWhatCameBeforeIsDamaged() throws IOException {
        server.breakOff(100, 50_000);
        assertThatThrownBy(this::fetch).isInstanceOf(VitrailException.class);
        server.behave();
        Path partial = partial();
        byte[] damaged = Files.readAllBytes(partial);
        damaged[7]++;
        Files.write(partial, damaged);

        assertWhole(fetch());
    }

    @Test
    void startsAgainWhereMoreCameBeforeThanThereIs() throws IOException {
        server.breakOff(100, 50_000);
        assertThatThrownBy(this::fetch).isInstanceOf(VitrailException.class);
        server.behave();
        Files.write(partial(), new byte[400_000]);

        assertWhole(fetch());
    }

    @ParameterizedTest
    @ValueSource(ints = {299_999, 300_001, 10, 10_000_000})
    void refusesAnotherSizeThanTheHubAnnounced(int size) {
        server.tamper(bytes -> Arrays.copyOf(bytes, size));
        assertThatThrownBy(this::fetch)
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("comes with " + size + " bytes or more where the hub has 300000");
        assertThat(visible()).isEmpty();
    }

    @Test
    void refusesContentWithAnotherChecksum() {
        server.tamper(bytes -> {
            byte[] changed = bytes.clone();
            changed[200_000]++;
            return changed;
        });
        assertThatThrownBy(this::fetch)
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("model.safetensors came with the checksum")
                .matches(BadServersTest::isRetryable);
        assertThat(visible()).isEmpty();
        assertThat(files()).noneMatch(file -> file.endsWith(".partial"));
    }

    @Test
    void refusesChangedSmallFilesToo() {
        server.answerWith(exchange -> {
            exchange.getResponseHeaders().set("X-Repo-Commit", "1".repeat(40));
            exchange.getResponseHeaders().set("ETag", "\"" + "0".repeat(40) + "\"");
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", "2");
                exchange.sendResponseHeaders(200, -1);
            } else {
                exchange.sendResponseHeaders(200, 2);
                exchange.getResponseBody().write(utf8("{}"));
            }
        });
        assertThatThrownBy(this::fetch).hasMessageContaining("config.json came with the checksum 9e26dfeeb6e6");
    }

    @Test
    void refusesServersThatGiveNoChecksumOrNoCommit() {
        server.answerWith(exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"abc-123\"");
            exchange.getResponseHeaders().set("X-Repo-Commit", "1".repeat(40));
            exchange.sendResponseHeaders(200, -1);
        });
        assertThatThrownBy(this::fetch).hasMessageContaining("gives no checksum of");
        server.answerWith(exchange -> {
            exchange.getResponseHeaders().set("X-Repo-Commit", "../../../../../../../../../../tmp/evil");
            exchange.sendResponseHeaders(200, -1);
        });
        assertThatThrownBy(this::fetch).hasMessageContaining("does not declare the commit");
    }

    @Test
    void refusesRedirectsInACircle() {
        server.answerWith(exchange -> {
            exchange.getResponseHeaders()
                    .set("Location", exchange.getRequestURI().getPath() + "?again");
            exchange.sendResponseHeaders(302, -1);
        });
        assertThatThrownBy(this::fetch)
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("redirects")
                .hasMessageContaining("more than 10 times");
        assertThat(server.requests()).hasSize(11);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "http://user@example.org/x", "ftp://example.org/x", "http:///x", ":"})
    void refusesRedirectsToWhatIsNoWebAddress(String location) {
        server.answerWith(exchange -> {
            exchange.getResponseHeaders().set("Location", location);
            exchange.sendResponseHeaders(302, -1);
        });
        assertThatThrownBy(this::fetch)
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("something that is not a web address");
    }

    @Test
    void sendsTheTokenToTheHubAndToNobodyElse() throws IOException {
        assertWhole(fetch(settings("HF_TOKEN", "hf_secret"), "hf:" + MODEL));

        assertThat(server.requests())
                .filteredOn(request -> request.server().equals("hub"))
                .isNotEmpty()
                .allMatch(request -> request.authorization().equals(Optional.of("Bearer hf_secret")));
        assertThat(server.requests())
                .filteredOn(request -> request.server().equals("content"))
                .isNotEmpty()
                .allMatch(request -> request.authorization().isEmpty());
    }

    @Test
    void waitsForAServerThatIsBusy() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        server.answerWith(exchange -> {
            if (asked.incrementAndGet() == 3) {
                server.behave();
            }
            exchange.getResponseHeaders().set("Retry-After", "0");
            exchange.sendResponseHeaders(asked.get() == 1 ? 429 : 503, -1);
        });
        assertWhole(fetch());
        assertThat(asked).hasValue(3);
    }

    @Test
    void endsConnectionsOnWhichNothingComesAnyMore() throws IOException {
        server.stall(60_000);
        HubSettings hasty =
                settings().withRetryPolicy(new RetryPolicy(4, Duration.ofMillis(1), Duration.ofMillis(400)));
        assertWhole(fetch(hasty, "hf:" + MODEL));
        assertThat(server.contentRequests().getLast().range())
                .hasValueSatisfying(range -> assertThat(range).startsWith("bytes="));
    }

    @ParameterizedTest
    @CsvSource({
        "401, RepoNotFound, , 'knows no such model, or it is private: check the name, or set HF_TOKEN'",
        "404, RepoNotFound, hf_x, 'knows no such model, or it is private: check the name, and whether the account'",
        "401, GatedRepo, , 'gated: accept its conditions at http://localhost:'",
        "401, GatedRepo, , 'then set HF_TOKEN'",
        "403, GatedRepo, hf_x, 'with the account that HF_TOKEN belongs to'",
        "401, '', hf_x, 'does not accept HF_TOKEN'",
        "401, '', , 'set HF_TOKEN to a token'",
        "403, '', hf_x, 'HF_TOKEN may not read this model'",
        "403, '', , 'forbids reading it without a token'",
        "404, '', , 'neither model.safetensors'",
        "404, RevisionNotFound, , 'no revision \"main\"'",
        "418, '', , 'answered 418'"
    })
    void hasASentenceForEveryRefusal(int status, String code, String token, String sentence) {
        server.refuse(status, code);
        HubSettings settings = token == null ? settings() : settings("HF_TOKEN", token);
        assertThatThrownBy(() -> fetch(settings, "hf:" + MODEL))
                .isInstanceOf(VitrailException.class)
                .hasMessageStartingWith("hf:" + MODEL)
                .hasMessageContaining(sentence)
                .hasMessageNotContaining("hf_x")
                .matches(e -> !isRetryable(e), "not retryable: the answer will be the same");
        assertThat(files()).isEmpty();
    }

    @Test
    void saysThatNobodyIsThere() {
        HubSettings settings = settings();
        server.close();
        assertThatThrownBy(() -> fetch(settings, "hf:" + MODEL))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("no connection to localhost")
                .matches(BadServersTest::isRetryable);
    }

    private static boolean isRetryable(Throwable e) {
        return e instanceof VitrailException told && told.isRetryable();
    }
}
