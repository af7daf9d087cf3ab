package org.vitrail.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.tensor.VitrailException;

/** Lists the files that a command reads through one path, so that no output replaces them. */
final class InputFiles {
    /** The files that are read together with a model or checkpoint in the same folder, and those of labelled images. */
    private static final String COMPANIONS =
            "{*.safetensors,*.index.json,config.json,preprocessor_config.json,processor_config.json,labels.csv}";

    /** The pictures of a folder. */
    private static final String PICTURES = "*.{jpg,jpeg,png,webp,bmp,JPG,JPEG,PNG,WEBP,BMP}";

    private InputFiles() {}

    /** The path itself, the data files of an ONNX model, and what is read beside or in it. */
    static List<Path> of(Path input) {
        List<Path> files = new ArrayList<>(List.of(input));
        if (Files.isDirectory(input)) {
            add(files, input, COMPANIONS);
            add(files, input, PICTURES);
        } else if (Files.isRegularFile(input)) {
            add(files, input.toAbsolutePath().getParent(), COMPANIONS);
            files.addAll(dataFiles(input));
        }
        return files;
    }

    private static void add(List<Path> files, Path folder, String pattern) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
            entries.forEach(files::add);
        } catch (IOException e) {
            // The command itself says that the folder cannot be read.
        }
    }

    private static List<Path> dataFiles(Path model) {
        try {
            return model.toString().contains(".onnx") ? OnnxFile.dataFiles(model) : List.of();
        } catch (VitrailException e) {
            return List.of();
        }
    }
}
