package org.vitrail.hub;

import org.vitrail.tensor.VitrailException;

/** An access token of a user for private models. It never appears in messages and is sent to no server but the hub. */
public record AccessToken(String value) {
    public AccessToken {
        if (value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new VitrailException(
                    "HF_TOKEN does not hold a token: it should consist of letters and digits as in hf_..., without blanks");
        }
    }

    /** Returns a placeholder, never the token itself. */
    @Override
    public String toString() {
        return "a token";
    }
}
