package org.vitrail.model;

import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;

/** A file format of models beside ONNX. Formats are found by {@link ServiceLoader}. */
public interface ModelFormat {
    /** Returns whether this format reads the file or folder. */
    boolean recognises(Path path);

    /**
     * The model in a file or folder that {@link #recognises} accepts.
     *
     * @throws org.vitrail.tensor.VitrailException when it cannot be read
     */
    ModelFiles read(Path path);

    /** The format that recognises a file or folder, among those installed; empty for ONNX. */
    static Optional<ModelFormat> of(Path path) {
        return ServiceLoader.load(ModelFormat.class, ModelFormat.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(format -> format.recognises(path))
                .findFirst();
    }
}
