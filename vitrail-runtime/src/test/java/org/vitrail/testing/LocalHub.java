package org.vitrail.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A server on this machine that answers as the Hugging Face hub does: small files by a redirect within itself and with
 * git's checksum, large ones by a redirect to a second server, which stands for the network of servers with the content.
 * It can be told to misbehave.
 */
public final class LocalHub implements AutoCloseable {
    private static final int LARGE = 10_000;

    private final HttpServer hub;
    private final HttpServer content;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, String> commits = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger breaks = new AtomicInteger();
    private volatile int breakAfter;
    private volatile boolean stalls;
    private volatile boolean knowsRanges = true;
    private volatile UnaryOperator<byte[]> tampering = UnaryOperator.identity();
    private volatile HttpHandler instead;

    /** What was asked for; {@code server} is "hub" or "content". */
    public record Request(
            String server, String method, String path, Optional<String> authorization, Optional<String> range) {}

    public LocalHub() {
        try {
            InetAddress here = InetAddress.getLoopbackAddress();
            hub = HttpServer.create(new InetSocketAddress(here, 0), 0);
            content = HttpServer.create(new InetSocketAddress(here, 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        hub.setExecutor(threads);
        content.setExecutor(threads);
        hub.createContext("/", exchange -> answer("hub", exchange));
        content.createContext("/", exchange -> answer("content", exchange));
        hub.start();
        content.start();
    }

    /** What {@code HF_ENDPOINT} would be. */
    public URI endpoint() {
        return URI.create("http://localhost:" + hub.getAddress().getPort());
    }

    /** Puts a file into a repository. */
    public void put(String repository, String path, byte[] bytes) {
        files.put(repository + "/" + path, bytes);
        commits.putIfAbsent(repository, "1".repeat(40));
    }

    /** Puts files of a folder into a repository. */
    public void put(String repository, Path folder, String... names) {
        try {
            for (String name : names) {
                put(repository, name, Files.readAllBytes(folder.resolve(name)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on branches stand for another commit. */
    public void commit(String repository, String commit) {
        commits.put(repository, commit);
    }

    /** The next answers with content end after so many bytes each. */
    public void breakOff(int times, int afterBytes) {
        breakAfter = afterBytes;
        breaks.set(times);
    }

    /** Answers with content stop after so many bytes, the connection stays. */
    public void stall(int afterBytes) {
        breakAfter = afterBytes;
        stalls = true;
        breaks.set(1);
    }

    /** Content is always given from its beginning. */
    public void ignoreRanges() {
        knowsRanges = false;
    }

    /** Large files' content is changed on the way. */
    public void tamper(UnaryOperator<byte[]> change) {
        tampering = change;
    }

    /** Every request to the hub is answered in this way. */
    public void answerWith(HttpHandler handler) {
        instead = handler;
    }

    /** Every request to the hub is refused. */
    public void refuse(int status, String code) {
        answerWith(exchange -> {
            if (!code.isEmpty()) {
                exchange.getResponseHeaders().set("X-Error-Code", code);
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
    }

    /** From now on it answers as it should. */
    public void behave() {
        instead = null;
        breaks.set(0);
        knowsRanges = true;
        tampering = UnaryOperator.identity();
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Requests for content, not only for what is known of it. */
    public List<Request> contentRequests() {
        return requests.stream()
                .filter(request -> request.method().equals("GET"))
                .toList();
    }

    @Override
    public void close() {
        closed.countDown();
        hub.stop(0);
        content.stop(0);
        threads.shutdownNow();
    }

    private void answer(String server, HttpExchange exchange) throws IOException {
        requests.add(new Request(
                server,
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"))));
        try (exchange) {
            if (server.equals("content")) {
                content(exchange);
            } else if (instead != null) {
                instead.handle(exchange);
            } else {
                hub(exchange);
            }
        }
    }

    private void hub(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.startsWith("/api/resolve-cache/")) {
            byte[] bytes = files.get(path.substring("/api/resolve-cache/".length()));
            exchange.getResponseHeaders().set("ETag", "\"" + gitBlob(bytes) + "\"");
            send(exchange, bytes);
            return;
        }
        String repository = path.substring(1, path.indexOf("/resolve/"));
        String[] rest =
                exchange.getRequestURI().getRawPath().split("/resolve/", 2)[1].split("/", 2);
        String file = repository + "/" + rest[1];
        if (!commits.containsKey(repository)) {
            refused(exchange, 401, "RepoNotFound");
            return;
        }
        if (!List.of("main", "refs%2Fpr%2F1", commits.get(repository)).contains(rest[0])) {
            refused(exchange, 404, "RevisionNotFound");
            return;
        }
        exchange.getResponseHeaders().set("X-Repo-Commit", commits.get(repository));
        byte[] bytes = files.get(file);
        if (bytes == null) {
            refused(exchange, 404, "EntryNotFound");
            return;
        }
        if (bytes.length < LARGE) {
            exchange.getResponseHeaders().set("Location", "/api/resolve-cache/" + file);
            exchange.sendResponseHeaders(307, -1);
            return;
        }
        exchange.getResponseHeaders().set("X-Linked-Size", Integer.toString(bytes.length));
        exchange.getResponseHeaders().set("X-Linked-ETag", "\"" + sha256(bytes) + "\"");
        exchange.getResponseHeaders()
                .set("Location", "http://127.0.0.1:" + content.getAddress().getPort() + "/" + file + "?signed=1");
        exchange.sendResponseHeaders(302, -1);
    }

    private static void refused(HttpExchange exchange, int status, String code) throws IOException {
        exchange.getResponseHeaders().set("X-Error-Code", code);
        exchange.sendResponseHeaders(status, -1);
    }

    private void content(HttpExchange exchange) throws IOException {
        byte[] bytes =
                tampering.apply(files.get(exchange.getRequestURI().getPath().substring(1)));
        exchange.getResponseHeaders().set("ETag", "\"0123456789abcdef0123456789abcdef-3\"");
        send(exchange, bytes);
    }

    private void send(HttpExchange exchange, byte[] bytes) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null || !knowsRanges ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
        }
        byte[] rest = Arrays.copyOfRange(bytes, from, bytes.length);
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, rest.length);
        if (rest.length > breakAfter && breaks.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            exchange.getResponseBody().write(rest, 0, breakAfter);
            exchange.getResponseBody().flush();
            if (stalls) {
                waitForClose();
            }
            throw new IOException("broken off, as was asked for");
        }
        exchange.getResponseBody().write(rest);
    }

    private void waitForClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As {@code git hash-object}. */
    private static String gitBlob(byte[] bytes) {
        MessageDigest digest = digest("SHA-1");
        digest.update(("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().formatHex(digest.digest(bytes));
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest("SHA-256").digest(bytes));
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
