package org.vitrail.checkpoint;

import java.nio.file.Path;
import java.util.Optional;
import org.vitrail.image.Preprocessing;
import org.vitrail.image.PreprocessingFiles;
import org.vitrail.model.ModelFiles;
import org.vitrail.model.ModelFormat;

/** Enables {@link org.vitrail.Model#open} to read safetensors checkpoints, with their default options. */
public final class CheckpointFormat implements ModelFormat {
    @Override
    public boolean recognises(Path path) {
        return CheckpointImport.recognises(path);
    }

    @Override
    public ModelFiles read(Path path) {
        return files(CheckpointImport.read(path, ImportOptions.defaults()), path);
    }

    /** Returns an imported checkpoint as the files of a model; {@code path} names it in messages. */
    public static ModelFiles files(ImportedModel imported, Path path) {
        return new ModelFiles(
                path, imported.graph(), () -> preprocessing(imported, path), imported.classNames(), imported.config());
    }

    private static Optional<Preprocessing> preprocessing(ImportedModel imported, Path path) {
        return imported.preprocessorConfig()
                .flatMap(text ->
                        PreprocessingFiles.ofHuggingFace(text, path + ", preprocessor_config.json", imported.config()))
                .or(() -> imported.config().flatMap(text -> PreprocessingFiles.ofTimm(text, path + ", config.json")));
    }
}
