package org.vitrail.hub;

import java.net.URI;
import java.util.Optional;
import org.vitrail.tensor.VitrailException;

/** Decides which redirects are followed. */
final class RedirectPolicy {
    private RedirectPolicy() {}

    /**
     * Returns the address to which a response from {@code from} redirects.
     *
     * @throws VitrailException if it is not a web address, or would leave HTTPS
     */
    static URI target(URI from, Optional<String> location) {
        URI to = resolve(from, location.orElse(""));
        boolean secure = "https".equalsIgnoreCase(to.getScheme());
        boolean open = "http".equalsIgnoreCase(to.getScheme());
        if (location.isEmpty() || !(secure || open) || to.getHost() == null || to.getUserInfo() != null) {
            throw new VitrailException(from.getHost() + " redirects " + from.getPath()
                    + " to something that is not a web address: check HF_ENDPOINT");
        }
        if (open && "https".equalsIgnoreCase(from.getScheme())) {
            throw new VitrailException(
                    from.getHost() + " redirects " + from.getPath() + " from https to http, to " + to.getHost()
                            + ": refused, because the connection would not be protected against changes to the file");
        }
        return to;
    }

    private static URI resolve(URI from, String location) {
        try {
            return from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new VitrailException(
                    from.getHost() + " redirects " + from.getPath() + " to something that is not a web address", e);
        }
    }

    /** Returns whether both addresses have the same scheme, host and port. */
    static boolean isSameServer(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
    }
}
