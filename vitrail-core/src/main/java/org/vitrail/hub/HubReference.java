package org.vitrail.hub;

import org.vitrail.tensor.VitrailException;

/**
 * A reference to a model on a hub, as users write it: {@code hf:OWNER/NAME}, or {@code hf:OWNER/NAME@REVISION}.
 *
 * @param repository owner and name, or only the name for the hub's oldest models
 * @param revision a branch, a tag, a commit, or a pull request as in {@code refs/pr/1}
 */
public record HubReference(String repository, String revision) {
    /** The prefix that distinguishes a model on a hub from a path. */
    public static final String PREFIX = "hf:";

    private static final String DEFAULT_REVISION = "main";

    /** Throws {@link VitrailException} if the repository or revision is not a valid name. */
    public HubReference {
        if (!Names.isRepository(repository)) {
            throw new VitrailException(PREFIX + repository + " is not a model's name: it should be OWNER/NAME as in "
                    + PREFIX + "facebook/deit-tiny-patch16-224, of letters, digits, \"-\", \"_\" and \".\"");
        }
        if (!Names.isRevision(revision)) {
            throw new VitrailException(PREFIX + repository + "@" + revision
                    + " does not name a revision: it should be a branch, a tag or a commit, as in @main");
        }
    }

    /** Returns whether a text is meant as a reference to a model on a hub. */
    public static boolean isMeantBy(String text) {
        return text.startsWith(PREFIX);
    }

    /** Reads {@code hf:OWNER/NAME[@REVISION]}. */
    public static HubReference parse(String text) {
        if (!isMeantBy(text)) {
            throw new VitrailException(text + " does not begin with " + PREFIX);
        }
        String name = text.substring(PREFIX.length());
        int at = name.indexOf('@');
        return at < 0
                ? new HubReference(name, DEFAULT_REVISION)
                : new HubReference(name.substring(0, at), name.substring(at + 1));
    }

    /** Returns whether the revision is a commit, which never changes. */
    boolean isCommit() {
        return Names.isCommit(revision);
    }

    /** The repository's name without its owner. */
    public String name() {
        return repository.substring(repository.indexOf('/') + 1);
    }

    @Override
    public String toString() {
        return PREFIX + repository + (revision.equals(DEFAULT_REVISION) ? "" : "@" + revision);
    }
}
