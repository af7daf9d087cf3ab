package org.vitrail.hub;

import java.util.regex.Pattern;

/**
 * Which names are accepted, from users and from the network. All of them become parts of paths in the cache: none can be
 * absolute, lead upwards, hold a separator of any system, or be mistaken for another.
 */
final class Names {
    private static final int MAX_CHARACTERS = 200;

    /** Of the hub's own rules; "--" is left out there too, so that it can stand for the slash in folder names. */
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

    /** Whether a text is a whole commit id. */
    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /** Whether a text can be the name of a file in a snapshot, without any folder. */
    static boolean isFile(String name) {
        return isHarmless(name) && FILE.matcher(name).matches() && !name.endsWith(".");
    }

    private static boolean isHarmless(String name) {
        return name.length() <= MAX_CHARACTERS && !name.contains("..");
    }

    /** A checked revision as the name of one file, or as one segment of a URL. */
    static String segment(String revision) {
        return revision.replace("/", "%2F");
    }
}
