package org.vitrail.hub;

import java.io.IOException;
import java.util.Optional;
import org.vitrail.tensor.VitrailException;
import org.vitrail.work.Progress;

/**
 * Fetches models from a Hugging Face hub. Files appear in the cache atomically; an interrupted download is resumed by
 * the next call; several threads and processes may fetch the same model at once.
 */
public final class Hub {
    private final HubSettings settings;
    private final HubClient client;

    public Hub(HubSettings settings) {
        this.settings = settings;
        this.client = new HubClient(settings);
    }

    /** Returns the hub that the environment configures. */
    public static Hub ofEnvironment() {
        return new Hub(HubSettings.ofEnvironment(System.getenv()));
    }

    /**
     * Returns the files of a model: {@code config.json}, {@code preprocessor_config.json}, and the weights as
     * safetensors, or if there are none as ONNX. Files in the cache are not downloaded again; if the hub cannot be
     * reached, the cached snapshot is used and carries a remark.
     *
     * @throws VitrailException if the hub does not provide the model, or sends something else than it announced
     */
    public Snapshot fetch(HubReference reference, Progress progress) {
        try {
            RepositoryCache cache = new RepositoryCache(settings, reference);
            Optional<Snapshot> cached = cache.find(reference);
            if (settings.offline()) {
                return cached.orElseThrow(() -> new VitrailException(reference + " is not in the cache "
                        + settings.cache() + ", and HF_HUB_OFFLINE forbids downloading it: unset that once"));
            }
            return cached.isPresent() && reference.isCommit()
                    ? cached.get()
                    : newest(reference, cached, cache, progress);
        } catch (NetworkException e) {
            String message =
                    reference + ": " + e.getMessage() + "; try again later, downloaded parts are kept (HF_ENDPOINT"
                            + " names another hub, HF_HUB_OFFLINE=1 uses the cache only)";
            throw e.isWorthRetrying() ? VitrailException.retryable(message, e) : new VitrailException(message, e);
        } catch (IOException e) {
            throw new VitrailException(
                    reference + ": the cache " + settings.cache() + " cannot be used (" + e + ");"
                            + " set VITRAIL_CACHE to use another folder",
                    e);
        }
    }

    private Snapshot newest(HubReference reference, Optional<Snapshot> cached, RepositoryCache cache, Progress progress)
            throws IOException {
        Repository repository;
        try {
            RetryPolicy retryPolicy =
                    cached.isPresent() ? settings.retryPolicy().withoutRetries() : settings.retryPolicy();
            repository = Repository.find(reference, client, settings, retryPolicy);
        } catch (NetworkException e) {
            Snapshot old = cached.orElseThrow(() -> e);
            return old.withRemark(e.getMessage() + ", so the cached model is used: " + old.describe());
        }
        if (cached.isPresent() && cached.get().commit().equals(repository.commit())) {
            return cached.get();
        }
        // Another process may have completed the snapshot before this one got the lock.
        return RepositoryLock.holding(
                cache.lockFile(),
                progress,
                () -> cache.find(new HubReference(reference.repository(), repository.commit()))
                                .isPresent()
                        ? cache.complete(reference, repository.commit())
                        : new SnapshotDownload(repository, cache, client, settings, progress).run());
    }
}
