package org.vitrail.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.vitrail.hub.Hub;
import org.vitrail.hub.HubReference;
import org.vitrail.hub.HubSettings;
import org.vitrail.hub.Snapshot;
import org.vitrail.tensor.VitrailException;

/** A model as users name it: a path, or {@code hf:OWNER/NAME[@REVISION]} for one on a hub. */
record ModelSource(String text) {
    /** What the commands' help says of it. */
    static final String DESCRIPTION = "An ONNX file, a safetensors checkpoint, or hf:OWNER/NAME of a model hub.";

    /**
     * A model on this machine.
     *
     * @param path to open
     * @param name short, for tables
     * @param label what it is, in full
     */
    record Located(Path path, String name, String label) {}

    boolean isOnHub() {
        return HubReference.isMeantBy(text);
    }

    /** Where the model is; one on a hub is downloaded first, unless the cache has it. */
    Located locate(CommonOptions common) {
        if (!isOnHub()) {
            Path path = path();
            Path name = path.getFileName();
            return new Located(path, name == null ? text : name.toString(), text);
        }
        HubSettings settings = HubSettings.ofEnvironment(common.environment());
        Snapshot snapshot = new Hub(settings).fetch(HubReference.parse(text), common.progress());
        snapshot.remark().ifPresent(common::warn);
        return new Located(snapshot.model(), snapshot.reference().name(), snapshot.describe());
    }

    private Path path() {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new VitrailException("\"" + text + "\" is no path that a file can have", e);
        }
    }
}
