package org.vitrail.hub;

import org.vitrail.tensor.VitrailException;

/** What lets a user read private models. Never part of a message, nor sent to another server than the hub. */
public record AccessToken(String value) {
    public AccessToken {
        if (value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new VitrailException(
                    "HF_TOKEN does not hold a token: it should be letters and digits as in hf_..., without blanks");
        }
    }

    /** Not the token. */
    @Override
    public String toString() {
        return "a token";
    }
}
