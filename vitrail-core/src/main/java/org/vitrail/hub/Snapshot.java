package org.vitrail.hub;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A model's files in the cache, at one commit.
 *
 * @param commit 40 hexadecimal digits
 * @param model the file to open, or for a sharded checkpoint its folder; configuration files are beside the tensors
 * @param remark present if the hub could not be asked whether the snapshot is current
 */
public record Snapshot(HubReference reference, String commit, Path model, Optional<String> remark) {
    private static final int SHORT_COMMIT_CHARACTERS = 8;

    Snapshot withRemark(String newRemark) {
        return new Snapshot(reference, commit, model, Optional.of(newRemark));
    }

    /** Describes the snapshot as in {@code hf:facebook/deit-tiny-patch16-224, commit 1c5a7cb2}. */
    public String describe() {
        return reference + ", commit " + commit.substring(0, SHORT_COMMIT_CHARACTERS);
    }
}
