package org.vitrail.hub;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.vitrail.tensor.VitrailException;

/**
 * The part of the cache that belongs to one repository:
 *
 * <pre>
 * CACHE/hub/huggingface.co/models--OWNER--NAME/
 *     blobs/CHECKSUM              contents, whole and checked; .partial while they come
 *     snapshots/COMMIT/FILE       the same contents under their names (hard links)
 *     refs/REVISION               the commit of a snapshot that is complete
 *     .lock
 * </pre>
 *
 * Contents that do not change between commits are stored once. No part of it may be a symbolic link, so no path leads
 * out of the cache; the cache folder itself may be a link.
 */
final class RepositoryCache {
    private static final String PARTIAL = ".partial";

    private final Path cache;
    private final Path folder;

    RepositoryCache(HubSettings settings, HubReference reference) {
        String hub = settings.endpoint().toString().replaceFirst("^https://", "");
        this.cache = settings.cache();
        this.folder = cache.resolve("hub")
                .resolve(URLEncoder.encode(hub, StandardCharsets.UTF_8))
                .resolve("models--" + reference.repository().replace("/", "--"));
    }

    /** Finds the complete snapshot to which a reference last resolved; empty if there is none. */
    Optional<Snapshot> find(HubReference reference) throws IOException {
        Path ref = ref(reference);
        if (!Files.isRegularFile(ref, LinkOption.NOFOLLOW_LINKS) || Files.size(ref) > 100) {
            return Optional.empty();
        }
        String commit = Files.readString(ref, StandardCharsets.ISO_8859_1).strip();
        return Names.isCommit(commit) ? find(reference, commit) : Optional.empty();
    }

    private Optional<Snapshot> find(HubReference reference, String commit) throws IOException {
        Path snapshot = snapshot(commit);
        for (WeightFileLayout weights : WeightFileLayout.values()) {
            Path file = snapshot.resolve(weights.fileName());
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                requireInside(file);
                return Optional.of(new Snapshot(
                        reference, commit, weights == WeightFileLayout.SHARDS ? snapshot : file, Optional.empty()));
            }
        }
        return Optional.empty();
    }

    private void requireInside(Path file) throws IOException {
        if (!file.toRealPath().startsWith(cache.toRealPath())) {
            throw new VitrailException(file + " leads out of the cache through a link: remove that link");
        }
    }

    /** Records that the snapshot of a commit is complete and that a reference resolves to it. */
    Snapshot complete(HubReference reference, String commit) throws IOException {
        Path refs = made(folder.resolve("refs"));
        for (String revision : new String[] {commit, reference.revision()}) {
            Path temporary = Files.createTempFile(refs, ".", PARTIAL);
            Files.writeString(temporary, commit);
            move(temporary, ref(new HubReference(reference.repository(), revision)));
        }
        return find(reference, commit)
                .orElseThrow(
                        () -> VitrailException.retryable(snapshot(commit) + " has lost its files: try again", null));
    }

    private Path ref(HubReference reference) {
        return folder.resolve("refs").resolve(Names.segment(reference.revision()));
    }

    private Path snapshot(String commit) {
        return folder.resolve("snapshots").resolve(commit);
    }

    /** The path of a complete content. */
    Path blob(Checksum checksum) throws IOException {
        return made(folder.resolve("blobs")).resolve(checksum.hex());
    }

    /**
     * The path of a partly downloaded content. The name holds the checksum, so parts of different contents are never
     * mixed.
     */
    Path partial(Checksum checksum) throws IOException {
        return made(folder.resolve("blobs")).resolve(checksum.hex() + PARTIAL);
    }

    /** Links a complete content under its name into the snapshot of a commit. */
    Path place(RemoteFile file, String commit) throws IOException {
        if (!Names.isFile(file.name())) {
            throw new VitrailException("\"" + file.path() + "\" cannot be the name of a file in the cache");
        }
        Path blob = blob(file.checksum());
        Path target = made(snapshot(commit)).resolve(file.name());
        Files.deleteIfExists(target);
        try {
            Files.createLink(target, blob);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Path copy = Files.createTempFile(blob.getParent(), ".", PARTIAL);
            Files.copy(blob, copy, StandardCopyOption.REPLACE_EXISTING);
            move(copy, target);
        }
        return target;
    }

    static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The lock file; one thread of one process at a time changes a repository's part. */
    Path lockFile() throws IOException {
        return made(folder).resolve(".lock");
    }

    /** The free space of the disk in bytes. */
    long freeBytes() throws IOException {
        return Files.getFileStore(made(folder)).getUsableSpace();
    }

    /** Returns a folder of the cache, created if it is missing. */
    private Path made(Path wanted) throws IOException {
        Files.createDirectories(cache);
        Path at = cache;
        for (Path part : cache.relativize(wanted)) {
            at = at.resolve(part);
            makeOne(at);
        }
        return wanted;
    }

    private static void makeOne(Path one) throws IOException {
        if (Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.createDirectory(one);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)) {
                throw new VitrailException(
                        one + " should be a folder of Vitrail's cache, and is a link or a file: remove it", e);
            }
        }
    }
}
