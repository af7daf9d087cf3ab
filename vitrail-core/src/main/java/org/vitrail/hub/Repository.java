package org.vitrail.hub;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vitrail.tensor.VitrailException;

/**
 * A repository of a hub at one commit. A branch may move while files are fetched; files requested by commit do not
 * change.
 *
 * @param commit the commit to which the reference's revision resolved when the hub was asked
 */
record Repository(HubReference reference, String commit, HubClient client, HubSettings settings) {
    /**
     * Asks the hub for the commit of a revision, using the first file that a model may have.
     *
     * @throws VitrailException if the hub refuses
     */
    static Repository find(HubReference reference, HubClient client, HubSettings settings, RetryPolicy retryPolicy)
            throws NetworkException {
        for (String path : WeightFileLayout.everyPath()) {
            try (HubResponse reply = ExponentialBackoff.of(
                    retryPolicy,
                    () -> client.head(client.address(reference.repository(), reference.revision(), path)))) {
                boolean missing = isMissing(reply);
                if (!missing && reply.status() >= 400) {
                    throw HubError.failure(reply, reference, settings);
                }
                Optional<String> commit = reply.hubHeader(HubHeaders.COMMIT);
                if (commit.isPresent() || !missing) {
                    return new Repository(reference, checked(commit, settings), client, settings);
                }
            }
        }
        throw holdsNothing(reference, settings);
    }

    private static String checked(Optional<String> commit, HubSettings settings) {
        return commit.filter(Names::isCommit)
                .orElseThrow(
                        () -> new VitrailException(
                                settings.endpoint()
                                        + " does not declare the commit that it serves, so it is not a Hugging Face hub: check HF_ENDPOINT"));
    }

    private static boolean isMissing(HubResponse reply) {
        return HubError.of(reply).filter(refusal -> refusal == HubError.MISSING).isPresent();
    }

    /** Returns the hub's metadata of a file; empty if the repository has no file of this path. */
    Optional<RemoteFile> file(String path) throws NetworkException {
        URI address = client.address(reference.repository(), commit, path);
        try (HubResponse reply = ExponentialBackoff.of(settings.retryPolicy(), () -> client.head(address))) {
            if (isMissing(reply)) {
                return Optional.empty();
            }
            if (reply.status() >= 400) {
                throw HubError.failure(reply, reference, settings);
            }
            return Optional.of(new RemoteFile(path, address, checksum(reply, path), size(reply, path)));
        }
    }

    /**
     * Reads the checksum from the hub's response; entity tags of other servers have another meaning, such as an MD5.
     */
    private Checksum checksum(HubResponse reply, String path) {
        boolean isHub = reply.fromHub() || reply.header(HubHeaders.COMMIT).isPresent();
        return reply.hubHeader(HubHeaders.LINKED_ETAG)
                .or(() -> isHub ? reply.header("ETag") : Optional.empty())
                .flatMap(Checksum::ofEntityTag)
                .orElseThrow(() -> new VitrailException(
                        reference + ": " + settings.endpoint().getHost()
                                + " gives no checksum of " + path
                                + ", so the download could not be verified: check HF_ENDPOINT"));
    }

    private long size(HubResponse reply, String path) {
        OptionalLong linked = HubResponse.number(reply.hubHeader(HubHeaders.LINKED_SIZE));
        return (linked.isPresent() ? linked : reply.length())
                .orElseThrow(() -> new VitrailException(
                        reference + ": " + settings.endpoint().getHost() + " does not say how large " + path
                                + " is: check HF_ENDPOINT"));
    }

    /** The weights of a repository and their layout. */
    record Found(WeightFileLayout kind, RemoteFile file) {}

    /** Finds the weights in the first layout that the repository has. */
    Found weights() throws NetworkException {
        for (WeightFileLayout kind : WeightFileLayout.values()) {
            Optional<RemoteFile> file = file(kind.path());
            if (file.isPresent()) {
                return new Found(kind, file.get());
            }
        }
        if (file(WeightFileLayout.PICKLE).isPresent()) {
            throw new VitrailException(reference + ": holds its weights only as " + WeightFileLayout.PICKLE
                    + ", a Python pickle, which can run any code when it is opened, so it is not read; look among its"
                    + " pull requests for one that adds model.safetensors and give it as " + HubReference.PREFIX
                    + reference.repository() + "@refs/pr/1, or save the weights as safetensors in Python");
        }
        throw holdsNothing(reference, settings);
    }

    /** Returns the files of these paths that the repository has. */
    List<RemoteFile> present(List<String> paths) throws NetworkException {
        List<RemoteFile> files = new ArrayList<>();
        for (String path : paths) {
            file(path).ifPresent(files::add);
        }
        return files;
    }

    private static VitrailException holdsNothing(HubReference reference, HubSettings settings) {
        return new VitrailException(reference + ": " + settings.endpoint().getHost() + " has neither model.safetensors"
                + " (whole or in shards) nor model.onnx under this name: check the name, or download the file that you"
                + " mean and give its path");
    }
}
