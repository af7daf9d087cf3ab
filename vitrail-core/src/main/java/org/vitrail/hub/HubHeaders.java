package org.vitrail.hub;

/** Names of the HTTP headers that are specific to Hugging Face hubs. */
final class HubHeaders {
    /** The checksum of a file whose content is on another server. */
    static final String LINKED_ETAG = "X-Linked-ETag";

    /** The size of a file whose content is on another server. */
    static final String LINKED_SIZE = "X-Linked-Size";

    /** The commit to which a revision resolves. */
    static final String COMMIT = "X-Repo-Commit";

    /** The code of the error. */
    static final String ERROR = "X-Error-Code";

    private HubHeaders() {}
}
