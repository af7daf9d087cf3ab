package org.vitrail.hub;

import java.util.regex.Pattern;

/**
 * Checks names from users and from the network. All of them become parts of paths in the cache: none may be absolute,
 * contain a parent folder or a separator of any system, or be mistaken for another.
 */
final class Names {
    private static final int MAX_CHARACTERS = 200;

    /**
     * A part of a repository's name under the hub's own rules; these exclude "--" too, so that it can replace the slash
     * in folder names.
     */
    private static final String PART = "\\w(?:[\\w.-]*\\w)?";

    private static final Pattern REPOSITORY = Pattern.compile("(?:" + PART + "/)?" + PART);
    private static final Pattern REVISION = Pattern.compile("\\w[\\w.-]*(?:/\\w[\\w.-]*)*");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern FILE = Pattern.compile("\\w[\\w.-]*");

    private Names() {}

    static boolean isRepository(String name) {
        return isHarmless(name) && REPOSITORY.matcher(name).matches() && !name.contains("--");
    }

    static boolean isRevision(String name) {
        return isHarmless(name) && REVISION.matcher(name).matches() && !name.endsWith(".");
    }

    /** Returns whether a text is a complete commit id. */
    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /** Returns whether a text can be the name of a file in a snapshot, without any folder. */
    static boolean isFile(String name) {
        return isHarmless(name) && FILE.matcher(name).matches() && !name.endsWith(".");
    }

    private static boolean isHarmless(String name) {
        return name.length() <= MAX_CHARACTERS && !name.contains("..");
    }

    /** Encodes a checked revision as the name of one file, or as one segment of a URL. */
    static String segment(String revision) {
        return revision.replace("/", "%2F");
    }
}
