package org.vitrail.hub;

import java.util.Arrays;
import java.util.Optional;
import org.vitrail.tensor.VitrailException;

/**
 * Reasons for which a hub refuses a model, one row each, recognised by the hub's error code or else by the HTTP status,
 * with advice to the user.
 */
enum HubError {
    REPOSITORY("RepoNotFound", 0) {
        @Override
        String sentence(HubReference reference, HubSettings settings) {
            return settings.endpoint().getHost() + " knows no such model, or it is private: check the name, "
                    + (settings.token().isPresent()
                            ? "and whether the account of HF_TOKEN may read it"
                            : "or set HF_TOKEN to a token that may read it");
        }
    },
    REVISION("RevisionNotFound", 0) {
        @Override
        String sentence(HubReference reference, HubSettings settings) {
            return "the model has no revision \"" + reference.revision()
                    + "\": give one of its branches, tags or commits behind the @";
        }
    },
    GATED("GatedRepo", 0) {
        @Override
        String sentence(HubReference reference, HubSettings settings) {
            String page = settings.endpoint() + "/" + reference.repository();
            return "the model is gated: accept its conditions at " + page + ", "
                    + (settings.token().isPresent()
                            ? "with the account that HF_TOKEN belongs to"
                            : "then set HF_TOKEN to a token of that account");
        }
    },
    UNKNOWN_USER("", 401) {
        @Override
        String sentence(HubReference reference, HubSettings settings) {
            return settings.token().isPresent()
                    ? settings.endpoint().getHost() + " does not accept HF_TOKEN: it may be mistyped or expired"
                    : settings.endpoint().getHost() + " requires a login: set HF_TOKEN to a token";
        }
    },
    FORBIDDEN("", 403) {
        @Override
        String sentence(HubReference reference, HubSettings settings) {
            return settings.token().isPresent()
                    ? "HF_TOKEN may not read this model: give it the right to, or use another"
                    : settings.endpoint().getHost() + " forbids reading it without a token: set HF_TOKEN to one that"
                            + " may";
        }
    },
    MISSING("EntryNotFound", 404) {
        @Override
        String sentence(HubReference reference, HubSettings settings) {
            return "a file of the model has disappeared from the hub: try again";
        }
    };

    private final String code;
    private final int status;

    HubError(String code, int status) {
        this.code = code;
        this.status = status;
    }

    abstract String sentence(HubReference reference, HubSettings settings);

    /** The error that a response reports; empty for statuses that are not refusals of a hub. */
    static Optional<HubError> of(HubResponse reply) {
        String given = reply.hubHeader(HubHeaders.ERROR).orElse("");
        return Arrays.stream(values())
                .filter(refusal -> reply.status() >= 400 && !refusal.code.isEmpty() && refusal.code.equals(given))
                .findFirst()
                .or(() -> Arrays.stream(values())
                        .filter(refusal -> refusal.status == reply.status())
                        .findFirst());
    }

    /** The exception for an unexpected response. */
    static VitrailException failure(HubResponse reply, HubReference reference, HubSettings settings) {
        Optional<HubError> refused = of(reply);
        String message = reference + ": "
                + refused.map(refusal -> refusal.sentence(reference, settings))
                        .orElseGet(() -> reply.address().getHost() + " answered " + reply.status()
                                + " to a request for " + reply.address().getPath()
                                + ", which a hub does not answer: check HF_ENDPOINT");
        return refused.filter(MISSING::equals).isPresent()
                ? VitrailException.retryable(message, null)
                : new VitrailException(message);
    }
}
