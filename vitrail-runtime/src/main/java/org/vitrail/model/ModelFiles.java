package org.vitrail.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.vitrail.graph.Graph;
import org.vitrail.image.Preprocessing;

/**
 * A model's graph with what the files beside it say.
 *
 * @param path names the model in messages
 * @param preprocessing reads how a picture becomes the model's input, where a file says so; called only if nothing of
 *     higher rank says it
 * @param classNames in label order; empty where no file names them
 * @param config the text of {@code config.json}, where there is one
 */
public record ModelFiles(
        Path path,
        Graph graph,
        Supplier<Optional<Preprocessing>> preprocessing,
        List<String> classNames,
        Optional<String> config) {
    public ModelFiles {
        classNames = List.copyOf(classNames);
    }
}
