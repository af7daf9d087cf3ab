package org.vitrail.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The response to a request, after its redirects.
 *
 * @param hops the headers of all responses along the redirects, the last one's at the end
 * @param fromHub whether no redirect led to another server
 */
record HubResponse(HttpResponse<InputStream> response, List<HttpHeaders> hops, boolean fromHub)
        implements AutoCloseable {
    HubResponse {
        hops = List.copyOf(hops);
    }

    int status() {
        return response.statusCode();
    }

    URI address() {
        return response.uri();
    }

    InputStream body() {
        return response.body();
    }

    Optional<String> header(String name) {
        return hops.getLast().firstValue(name);
    }

    /** A header specific to hubs, from the first response that has it. */
    Optional<String> hubHeader(String name) {
        return hops.stream().flatMap(hop -> hop.firstValue(name).stream()).findFirst();
    }

    /** The body's length, if the server declares it. */
    OptionalLong length() {
        return number(header("Content-Length"));
    }

    static OptionalLong number(Optional<String> text) {
        return text.filter(digits -> digits.matches("\\d{1,18}")).stream()
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    /** Closes the connection; nothing more can be read. */
    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            // The connection is abandoned anyway.
        }
    }
}
