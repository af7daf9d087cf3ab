package org.vitrail.hub;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vitrail.tensor.VitrailException;
import org.vitrail.work.CacheFolder;

/**
 * Settings of the hub and the cache: where models come from and where they are kept.
 *
 * @param endpoint the hub, without a slash at its end
 * @param token for private and gated models
 * @param offline whether only the cache may be used
 * @param cache Vitrail's cache folder; created when it is needed
 * @param maxBytes largest total size of one model
 */
public record HubSettings(
        URI endpoint,
        Optional<AccessToken> token,
        boolean offline,
        Path cache,
        long maxBytes,
        RetryPolicy retryPolicy) {
    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
    private static final long DEFAULT_MAX_BYTES = 32L << 30;
    private static final Set<String> TRUE_VALUES = Set.of("1", "true", "yes", "on");
    private static final Set<String> LOOPBACK_HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");

    public HubSettings {
        boolean secure = "https".equals(endpoint.getScheme());
        if (!(secure || "http".equals(endpoint.getScheme()))
                || endpoint.getHost() == null
                || endpoint.getUserInfo() != null
                || endpoint.getQuery() != null
                || endpoint.getFragment() != null) {
            throw new VitrailException("HF_ENDPOINT should be the address of a hub, as in " + DEFAULT_ENDPOINT
                    + ", without user, query or fragment");
        }
        if (token.isPresent() && !secure && !LOOPBACK_HOSTS.contains(endpoint.getHost())) {
            throw new VitrailException("HF_ENDPOINT is " + endpoint + ", where HF_TOKEN would be sent unencrypted: use"
                    + " https, or unset HF_TOKEN");
        }
        if (maxBytes < 1) {
            throw new IllegalArgumentException("the largest size of a model must be positive, got " + maxBytes);
        }
        cache = cache.toAbsolutePath().normalize();
    }

    /**
     * Reads settings from the environment: {@code HF_ENDPOINT}, {@code HF_TOKEN}, {@code HF_HUB_OFFLINE}; the cache is
     * {@code VITRAIL_CACHE}, else {@code XDG_CACHE_HOME/vitrail}, else {@code ~/.cache/vitrail}.
     *
     * @throws VitrailException if a variable has an unusable value
     */
    public static HubSettings ofEnvironment(Map<String, String> environment) {
        return new HubSettings(
                endpoint(value(environment, "HF_ENDPOINT").orElse(DEFAULT_ENDPOINT)),
                value(environment, "HF_TOKEN").map(AccessToken::new),
                value(environment, "HF_HUB_OFFLINE")
                        .filter(text -> TRUE_VALUES.contains(text.toLowerCase(Locale.ROOT)))
                        .isPresent(),
                cache(environment),
                DEFAULT_MAX_BYTES,
                RetryPolicy.defaults());
    }

    private static URI endpoint(String text) {
        try {
            return URI.create(text.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new VitrailException("HF_ENDPOINT should be the address of a hub, as in " + DEFAULT_ENDPOINT, e);
        }
    }

    private static Path cache(Map<String, String> environment) {
        return CacheFolder.of(environment)
                .orElseThrow(() -> new VitrailException(
                        "there is no home folder for the cache: name a folder with VITRAIL_CACHE"));
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    public HubSettings withOffline(boolean newOffline) {
        return new HubSettings(endpoint, token, newOffline, cache, maxBytes, retryPolicy);
    }

    public HubSettings withMaxBytes(long newMaxBytes) {
        return new HubSettings(endpoint, token, offline, cache, newMaxBytes, retryPolicy);
    }

    public HubSettings withRetryPolicy(RetryPolicy newRetryPolicy) {
        return new HubSettings(endpoint, token, offline, cache, maxBytes, newRetryPolicy);
    }
}
