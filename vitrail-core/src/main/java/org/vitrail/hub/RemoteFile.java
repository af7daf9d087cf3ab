package org.vitrail.hub;

import java.net.URI;

/**
 * A file on a hub.
 *
 * @param path in the repository, for messages
 * @param address the URL of its content
 * @param checksum checksum of the content
 * @param size size of the content in bytes
 */
record RemoteFile(String path, URI address, Checksum checksum, long size) {
    /** The file's name in the cache. */
    String name() {
        return WeightFileLayout.fileName(path);
    }
}
