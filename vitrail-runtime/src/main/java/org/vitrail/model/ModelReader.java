package org.vitrail.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.vitrail.image.PreprocessingFiles;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.VitrailException;

/** Reads a model with what the files beside it say: an ONNX file, or another {@link ModelFormat}. */
public final class ModelReader {
    /** The folder for ONNX files in repositories that hold a model in several formats. */
    private static final String ONNX_FOLDER = "onnx";

    /** The ONNX file that is meant where a folder holds several. */
    private static final String USUAL_NAME = "model.onnx";

    private static final String ENDING = ".onnx";
    private static final String CHECKPOINT_ENDING = ".safetensors";

    private ModelReader() {}

    /**
     * The model in a file or folder.
     *
     * @throws VitrailException when it cannot be read
     */
    public static ModelFiles read(Path path) {
        Path model = located(path);
        return ModelFormat.of(model).map(format -> format.read(model)).orElseGet(() -> ofOnnx(model));
    }

    private static ModelFiles ofOnnx(Path path) {
        List<Path> folders = configurationFolders(path);
        Optional<Path> config = folders.stream()
                .map(folder -> folder.resolve("config.json"))
                .filter(Files::exists)
                .findFirst();
        return new ModelFiles(
                path,
                OnnxFile.read(path),
                () -> folders.stream()
                        .flatMap(folder -> PreprocessingFiles.find(folder).stream())
                        .findFirst(),
                config.map(file -> ClassNames.ofConfig(text(file), file.toString()))
                        .orElse(List.of()),
                config.map(ModelReader::text));
    }

    private static String text(Path file) {
        try {
            return InputFile.text(file);
        } catch (IOException e) {
            throw new VitrailException(file + ": cannot be read (" + InputFile.reason(e) + ")", e);
        }
    }

    /** The folders whose configuration files describe an ONNX file: its own, and the one above a folder "onnx". */
    private static List<Path> configurationFolders(Path model) {
        Path folder = model.toAbsolutePath().normalize().getParent();
        Path above = folder.getParent();
        boolean isInner =
                folder.getFileName() != null && folder.getFileName().toString().equals(ONNX_FOLDER);
        return isInner && above != null ? List.of(folder, above) : List.of(folder);
    }

    /**
     * The ONNX file that is meant by a folder without a checkpoint: the only one in it or in its folder "onnx", or the
     * one called model.onnx. Any other path is returned as it is.
     *
     * @throws VitrailException where several files may be meant
     */
    public static Path located(Path path) {
        if (!Files.isDirectory(path) || !endingWith(path, CHECKPOINT_ENDING).isEmpty()) {
            return path;
        }
        for (Path folder : List.of(path, path.resolve(ONNX_FOLDER))) {
            List<Path> models = Files.isDirectory(folder) ? endingWith(folder, ENDING) : List.of();
            Path usual = folder.resolve(USUAL_NAME);
            if (models.size() == 1 || models.contains(usual)) {
                return models.contains(usual) ? usual : models.getFirst();
            }
            if (!models.isEmpty()) {
                throw new VitrailException(folder + ": holds " + models.size() + " ONNX files, such as "
                        + models.getFirst().getFileName() + "; name the one to open");
            }
        }
        return path;
    }

    private static List<Path> endingWith(Path folder, String ending) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new VitrailException(folder + ": cannot be listed (" + e.getMessage() + ")", e);
        }
    }
}
