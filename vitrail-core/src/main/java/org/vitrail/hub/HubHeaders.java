package org.vitrail.hub;

/** The headers by which hubs say more than HTTP has words for. */
final class HubHeaders {
    /** The checksum of a file whose content another server holds. */
    static final String LINKED_ETAG = "X-Linked-ETag";

    /** Its size. */
    static final String LINKED_SIZE = "X-Linked-Size";

    /** The commit that a revision stands for. */
    static final String COMMIT = "X-Repo-Commit";

    /** What exactly is refused. */
    static final String ERROR = "X-Error-Code";

    private HubHeaders() {}
}
