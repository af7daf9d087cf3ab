package org.vitrail.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vitrail.tensor.VitrailException;
import org.vitrail.work.Progress;

/** Downloads one commit of a model into the cache. The caller holds the repository's lock. */
record SnapshotDownload(
        Repository repository, RepositoryCache cache, HubClient client, HubSettings settings, Progress progress) {
    private static final long MAX_JSON_BYTES = 16_000_000;

    /** Downloads the files that {@link Hub#fetch} promises. */
    Snapshot run() throws IOException {
        Repository.Found weights = repository.weights();
        List<RemoteFile> files = new ArrayList<>(repository.present(WeightFileLayout.CONFIGURATION));
        files.add(weights.file());
        files.addAll(repository.present(weights.kind().companions()));
        download(files);
        if (weights.kind() == WeightFileLayout.SHARDS) {
            Path index = cache.blob(weights.file().checksum());
            List<RemoteFile> shards = shards(ShardIndex.files(index, repository.reference()));
            download(shards);
            files.addAll(shards);
        }
        for (RemoteFile file : files) {
            cache.place(file, repository.commit());
        }
        return cache.complete(repository.reference(), repository.commit());
    }

    private List<RemoteFile> shards(List<String> names) throws NetworkException {
        List<RemoteFile> files = new ArrayList<>();
        for (String name : names) {
            files.add(repository
                    .file(name)
                    .orElseThrow(() -> new VitrailException(repository.reference() + ": its "
                            + WeightFileLayout.SHARDS.path() + " names the shard " + name + ", which is missing")));
        }
        return files;
    }

    /** Downloads the contents of files that are not in the cache yet. */
    private void download(List<RemoteFile> files) throws IOException {
        requireBounded(files);
        List<RemoteFile> missing = new ArrayList<>();
        for (RemoteFile file : files) {
            Path blob = cache.blob(file.checksum());
            if (!Files.isRegularFile(blob, LinkOption.NOFOLLOW_LINKS) || Files.size(blob) != file.size()) {
                missing.add(file);
            }
        }
        requireSpace(missing);
        try (DownloadProgress megabytes = new DownloadProgress(missing, repository.reference(), progress)) {
            for (RemoteFile file : missing) {
                new Download(client, file, megabytes, settings.retryPolicy())
                        .to(cache.partial(file.checksum()), cache.blob(file.checksum()));
            }
        }
    }

    private void requireBounded(List<RemoteFile> files) {
        for (RemoteFile file : files) {
            if (file.path().endsWith(".json") && file.size() > MAX_JSON_BYTES) {
                throw new VitrailException(repository.reference() + ": its " + file.path() + " takes "
                        + DownloadProgress.text(file.size()) + ", too much for a JSON file");
            }
        }
        long bytes = 0;
        for (RemoteFile file : files) {
            // Each size is below 10^18, so adding one more never overflows.
            bytes += file.size();
            if (bytes > settings.maxBytes()) {
                throw new VitrailException(repository.reference() + " takes " + DownloadProgress.text(bytes)
                        + " or more, where at most " + DownloadProgress.text(settings.maxBytes()) + " are downloaded");
            }
        }
    }

    private void requireSpace(List<RemoteFile> missing) throws IOException {
        long needed = 0;
        for (RemoteFile file : missing) {
            Path partial = cache.partial(file.checksum());
            needed += file.size() - (Files.exists(partial) ? Math.min(file.size(), Files.size(partial)) : 0);
        }
        if (needed > cache.freeBytes()) {
            throw new VitrailException(
                    repository.reference() + " takes " + DownloadProgress.text(needed) + " where the disk of "
                            + settings.cache() + " has space for " + DownloadProgress.text(cache.freeBytes())
                            + ": free some space, or set VITRAIL_CACHE to a folder on another disk");
        }
    }
}
