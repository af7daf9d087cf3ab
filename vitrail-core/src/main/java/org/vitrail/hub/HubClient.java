package org.vitrail.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.vitrail.tensor.VitrailException;

/**
 * Sends HTTP requests to a hub. It follows redirects itself rather than letting Java's client do so, so that the token
 * is sent to the hub only, and never again after a redirect to another server.
 */
final class HubClient {
    private static final int MAX_REDIRECTS = 10;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
    private static final Set<Integer> REDIRECT_STATUSES = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> RETRYABLE_STATUSES = Set.of(408, 429, 500, 502, 503, 504);

    private final HubSettings settings;
    private final HttpClient http;

    HubClient(HubSettings settings) {
        this.settings = settings;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    /** The address of a file of a repository. */
    URI address(String repository, String revision, String path) {
        return URI.create(settings.endpoint() + "/" + repository + "/resolve/" + Names.segment(revision) + "/" + path);
    }

    /**
     * Requests the hub's metadata about a file. Redirects are followed only until the hub itself has answered, not to
     * the server that holds the content.
     */
    HubResponse head(URI address) throws NetworkException {
        return follow(
                address,
                HttpRequest.Builder::HEAD,
                headers -> headers.firstValue(HubHeaders.LINKED_ETAG).isPresent());
    }

    /** Requests a file's content from an offset on. */
    HubResponse get(URI address, long offset) throws NetworkException {
        HubResponse reply = follow(
                address,
                request -> offset == 0 ? request.GET() : request.GET().header("Range", "bytes=" + offset + "-"),
                headers -> false);
        if (!reply.fromHub() && reply.status() >= 400 && reply.status() != 416) {
            // Links to content servers expire; the hub issues a new one.
            reply.close();
            throw NetworkException.busy(reply.address().getHost(), reply.status(), Optional.empty());
        }
        return reply;
    }

    private HubResponse follow(URI start, UnaryOperator<HttpRequest.Builder> method, Predicate<HttpHeaders> isEnough)
            throws NetworkException {
        List<HttpHeaders> hops = new ArrayList<>();
        URI address = start;
        boolean atHub = true;
        for (int i = 0; i <= MAX_REDIRECTS; i++) {
            atHub = atHub && RedirectPolicy.isSameServer(address, settings.endpoint());
            HttpResponse<InputStream> response = send(request(address, method, atHub));
            hops.add(response.headers());
            HubResponse reply = new HubResponse(response, hops, atHub);
            if (!REDIRECT_STATUSES.contains(response.statusCode()) || isEnough.test(response.headers())) {
                return reply;
            }
            reply.close();
            address = RedirectPolicy.target(address, reply.header("Location"));
        }
        throw new VitrailException(start.getHost() + " redirects " + start.getPath() + " more than " + MAX_REDIRECTS
                + " times: check HF_ENDPOINT, or try again later");
    }

    private HttpRequest request(URI address, UnaryOperator<HttpRequest.Builder> method, boolean atHub) {
        HttpRequest.Builder request = method.apply(HttpRequest.newBuilder(address))
                .timeout(settings.retryPolicy().silence())
                .header("User-Agent", "vitrail")
                .header("Accept-Encoding", "identity");
        if (atHub) {
            settings.token().ifPresent(token -> request.header("Authorization", "Bearer " + token.value()));
        }
        return request.build();
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws NetworkException {
        try {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (RETRYABLE_STATUSES.contains(response.statusCode())) {
                response.body().close();
                OptionalLong seconds = HubResponse.number(response.headers().firstValue("Retry-After"));
                throw NetworkException.busy(
                        request.uri().getHost(),
                        response.statusCode(),
                        seconds.isPresent() ? Optional.of(Duration.ofSeconds(seconds.getAsLong())) : Optional.empty());
            }
            return response;
        } catch (IOException e) {
            throw NetworkException.of(request.uri().getHost(), e);
        } catch (IllegalArgumentException e) {
            // Java's client lets headers that are no numbers through as this exception.
            throw NetworkException.invalid(request.uri().getHost(), e);
        } catch (InterruptedException e) {
            throw ExponentialBackoff.interrupted(e);
        }
    }
}
