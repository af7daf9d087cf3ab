package org.vitrail.hub;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.tensor.VitrailException;
import org.vitrail.work.Progress;

/** Tests that servers which send no valid HTTP, or next to nothing, are given up with one sentence. */
@Timeout(60)
class HostileHubTest {
    private static final RetryPolicy IMPATIENT = new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(500));

    @TempDir
    Path cache;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775813\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
                "HTTP/9.9 abc\r\n\r\n",
                "\u0000\u0001\r\n\r\n"
            })
    void refusesHeadersThatAreNoHttp(String answer) throws IOException {
        assertRefused(answer, 0);
    }

    @Test
    void givesUpAServerThatSendsAByteNowAndThen() throws IOException {
        assertRefused("HTTP/1.1 200 OK\r\nX-Slow: " + "a".repeat(2000) + "\r\n\r\n", 50);
    }

    private void assertRefused(String answer, int pauseMillis) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> serve(server, answer, pauseMillis));
            HubSettings settings = HubSettings.ofEnvironment(Map.of(
                            "HF_ENDPOINT",
                            "http://127.0.0.1:" + server.getLocalPort(),
                            "VITRAIL_CACHE",
                            cache.toString()))
                    .withRetryPolicy(IMPATIENT);

            assertThatThrownBy(() -> new Hub(settings).fetch(HubReference.parse("hf:own/nam"), Progress.none()))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("127.0.0.1");
        }
    }

    private static void serve(ServerSocket server, String answer, int pauseMillis) {
        while (!server.isClosed()) {
            try (Socket client = server.accept();
                    OutputStream out = client.getOutputStream()) {
                byte[] bytes = answer.getBytes(StandardCharsets.ISO_8859_1);
                for (int i = 0; i < bytes.length; i++) {
                    out.write(bytes[i]);
                    out.flush();
                    Thread.sleep(pauseMillis);
                }
            } catch (IOException e) {
                // The client has given up, or the test has ended.
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
