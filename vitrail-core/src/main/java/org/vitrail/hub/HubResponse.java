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
 * What came in answer to a request, at the end of its redirects.
 *
 * @param hops the headers of every answer on the way, the last one's at the end
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

    /** A header of the hub's own: that of the first answer that has it. */
    Optional<String> hubHeader(String name) {
        return hops.stream().flatMap(hop -> hop.firstValue(name).stream()).findFirst();
    }

    /** The body's length, where the server says it. */
    OptionalLong length() {
        return number(header("Content-Length"));
    }

    static OptionalLong number(Optional<String> text) {
        return text.filter(digits -> digits.matches("\\d{1,18}")).stream()
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    /** Lets go of the connection; nothing more can be read. */
    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            // It is given up anyway.
        }
    }
}
