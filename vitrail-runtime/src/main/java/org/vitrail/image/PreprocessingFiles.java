package org.vitrail.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.VitrailException;

/**
 * Reads preprocessing from the configuration files of models: {@code preprocessor_config.json} and
 * {@code processor_config.json} of Hugging Face's transformers, and {@code config.json} of timm. The fields may be in
 * an object inside the file. Steps that Vitrail does not support are errors, never ignored; a file without any known
 * field says nothing.
 */
public final class PreprocessingFiles {
    private static final String CONFIG = "config.json";
    private static final List<String> PROCESSORS = List.of("preprocessor_config.json", "processor_config.json");

    /** The levels of objects inside a file that are searched. */
    private static final int MAX_DEPTH = 3;

    private PreprocessingFiles() {}

    /** The preprocessing that a model's folder declares, in either form; empty if it declares none. */
    public static Optional<Preprocessing> find(Path folder) {
        Path config = folder.resolve(CONFIG);
        for (String name : PROCESSORS) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                Optional<Preprocessing> found = of(text(file), file.toString(), () -> modelType(config));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Files.exists(config) ? ofTimm(text(config), config.toString()) : Optional.empty();
    }

    /** Reads a configuration file of any of the forms; empty if it has no field of any of them. */
    public static Optional<Preprocessing> of(Path file) {
        return of(
                text(file),
                file.toString(),
                () -> Optional.of(file.resolveSibling(CONFIG))
                        .filter(config -> !config.equals(file))
                        .flatMap(PreprocessingFiles::modelType));
    }

    private interface ModelType {
        Optional<String> get();
    }

    private static Optional<Preprocessing> of(String json, String where, ModelType modelType) {
        List<JsonFields> objects = objects(JsonFields.parse(json, where));
        return objects.stream()
                .filter(TimmFile::isOne)
                .findFirst()
                .map(fields -> fields.build(() -> TimmFile.read(fields)))
                .or(() -> objects.stream()
                        .filter(HuggingFaceFile::isOne)
                        .findFirst()
                        .map(fields -> HuggingFaceFile.read(fields, modelType.get())));
    }

    private static Optional<String> modelType(Path config) {
        return Files.exists(config) ? modelType(text(config), config.toString()) : Optional.empty();
    }

    /** The type of the model in its {@code config.json}; empty also where that cannot be read, as it is a mere hint. */
    private static Optional<String> modelType(String config, String where) {
        try {
            return JsonFields.parse(config, where).text("model_type");
        } catch (VitrailException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads {@code pretrained_cfg} in timm's {@code config.json}, or the same fields at its top level; empty if it has
     * no {@code input_size}. A centre crop is taken from an image resized to {@code ⌊size / crop_pct⌋}.
     */
    public static Optional<Preprocessing> ofTimm(String json, String where) {
        JsonFields file = JsonFields.parse(json, where);
        JsonFields fields = file.object("pretrained_cfg").orElse(file);
        return TimmFile.isOne(fields) ? Optional.of(fields.build(() -> TimmFile.read(fields))) : Optional.empty();
    }

    /**
     * Reads {@code preprocessor_config.json}, in its present form and that of old feature extractors; empty if no known
     * field is in it.
     *
     * @param config the text of the model's {@code config.json}, whose model type implies the defaults of a file that
     *     names no processor
     */
    public static Optional<Preprocessing> ofHuggingFace(String json, String where, Optional<String> config) {
        return of(json, where, () -> config.flatMap(text -> modelType(text, where)));
    }

    /** The object itself and those inside it, the outer ones first. */
    private static List<JsonFields> objects(JsonFields root) {
        List<JsonFields> all = new ArrayList<>(List.of(root));
        int from = 0;
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            int end = all.size();
            for (; from < end; from++) {
                JsonFields outer = all.get(from);
                outer.node().fieldNames().forEachRemaining(name -> {
                    if (!name.equals("size") && !name.equals("crop_size")) {
                        outer.object(name).ifPresent(all::add);
                    }
                });
            }
        }
        return all;
    }

    private static String text(Path file) {
        try {
            return InputFile.text(file);
        } catch (IOException e) {
            throw new VitrailException(file + ": cannot be read (" + InputFile.reason(e) + ")", e);
        }
    }
}
