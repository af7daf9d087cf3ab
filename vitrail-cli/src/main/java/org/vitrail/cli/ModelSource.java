package org.vitrail.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.vitrail.hub.Hub;
import org.vitrail.hub.HubReference;
import org.vitrail.hub.HubSettings;
import org.vitrail.hub.Snapshot;
import org.vitrail.model.ModelReader;
import org.vitrail.tensor.VitrailException;

/** A model as users name it: a path, or {@code hf:OWNER/NAME[@REVISION]} for one on a hub. */
record ModelSource(String text) {
    /** The description in the commands' help. */
    static final String DESCRIPTION = "An ONNX file, a safetensors checkpoint, or hf:OWNER/NAME of a model hub.";

    /**
     * A model on the local machine.
     *
     * @param path the path to open
     * @param name a short name, for tables
     * @param label a full description
     */
    record Located(Path path, String name, String label) {}

    boolean isOnHub() {
        return HubReference.isMeantBy(text);
    }

    /** Returns the model's local path; a model on a hub is downloaded first, unless it is in the cache. */
    Located locate(CommonOptions common) {
        if (!isOnHub()) {
            Path path = ModelReader.located(path());
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
