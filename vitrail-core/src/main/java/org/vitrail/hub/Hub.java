package org.vitrail.hub;

import java.io.IOException;
import java.util.Optional;
import org.vitrail.tensor.VitrailException;
import org.vitrail.work.Progress;

/**
 * Fetches models from a Hugging Face hub. Files appear in the cache whole or not at all; what broke off goes on at the
 * next call; several threads and processes may fetch the same model at once.
 */
public final class Hub {
    private final HubSettings settings;
    private final HubClient client;

    public Hub(HubSettings settings) {
        this.settings = settings;
        this.client = new HubClient(settings);
    }

    /** The hub that the environment names. */
    public static Hub ofEnvironment() {
        return new Hub(HubSettings.ofEnvironment(System.getenv()));
    }

    /**
     * The files of a model: {@code config.json}, {@code preprocessor_config.json}, and the weights as safetensors, or
     * where there are none as ONNX. What is in the cache is not downloaded again; where the hub cannot be asked for
     * something newer, that is used, with a remark.
     *
     * @throws VitrailException where the hub does not give the model, or gives something else than it announced
     */
    public Snapshot fetch(HubReference reference, Progress progress) {
        try {
            RepositoryCache cache = new RepositoryCache(settings, reference);
            Optional<Snapshot> cached = cache.find(reference);
            if (settings.offline()) {
                return cached.orElseThrow(() -> new VitrailException(reference + " is not in the cache "
                        + settings.cache() + ", and HF_HUB_OFFLINE forbids to download it: unset that once"));
            }
            return cached.isPresent() && reference.isCommit()
                    ? cached.get()
                    : newest(reference, cached, cache, progress);
        } catch (NetworkException e) {
            throw new VitrailException(
                    reference + ": " + e.getMessage() + "; try again later, what has come is kept (HF_ENDPOINT names"
                            + " another hub, HF_HUB_OFFLINE=1 uses the cache only)",
                    e);
        } catch (IOException e) {
            throw new VitrailException(
                    reference + ": the cache " + settings.cache() + " cannot be used (" + e + ");"
                            + " VITRAIL_CACHE puts it elsewhere",
                    e);
        }
    }

    private Snapshot newest(HubReference reference, Optional<Snapshot> cached, RepositoryCache cache, Progress progress)
            throws IOException {
        Repository repository;
        try {
            RetryPolicy patience = cached.isPresent() ? settings.patience().withoutRetries() : settings.patience();
            repository = Repository.find(reference, client, settings, patience);
        } catch (NetworkException e) {
            Snapshot old = cached.orElseThrow(() -> e);
            return old.withRemark(e.getMessage() + ", so what the cache has is used: " + old.describe());
        }
        if (cached.isPresent() && cached.get().commit().equals(repository.commit())) {
            return cached.get();
        }
        // Another process may have been faster once the lock is free.
        return RepositoryLock.holding(
                cache.lockFile(),
                progress,
                () -> cache.find(new HubReference(reference.repository(), repository.commit()))
                                .isPresent()
                        ? cache.complete(reference, repository.commit())
                        : new SnapshotDownload(repository, cache, client, settings, progress).run());
    }
}
