package org.vitrail.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.vitrail.Model;
import org.vitrail.image.Preprocessing;
import org.vitrail.image.PreprocessingFiles;
import org.vitrail.image.PreprocessingPreset;
import org.vitrail.image.Size;
import org.vitrail.quantize.Comparison;
import org.vitrail.task.Task;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.VitrailException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Opens models with the options that override their files. */
final class ModelOptions {
    /** The input of a preset where neither a model nor a file says its size. */
    private static final Size DEFAULT_SIZE = Size.square(224);

    @Option(
            names = "--classes",
            paramLabel = "FILE",
            description = "File of class names, one per line in label order (default: those of the model).")
    private Path classes;

    @Option(
            names = "--task",
            paramLabel = "NAME",
            completionCandidates = Tasks.class,
            description = "The model's task: ${COMPLETION-CANDIDATES} (default: derived from its outputs).")
    private String task;

    @ArgGroup(exclusive = false, heading = "%nHow pictures become model input, where the model's files are wrong:%n")
    private PreprocessingOptions preprocessing = new PreprocessingOptions();

    /** The names that {@code --task} accepts. */
    static final class Tasks implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Task.Kind.values()).map(Task.Kind::label).iterator();
        }
    }

    Model open(Path path) {
        Model opened = preprocessing.isComplete() ? Model.openWithoutPreprocessing(path) : Model.open(path);
        Model model = task == null ? opened : opened.withTask(kind());
        if (!preprocessing.isEmpty()) {
            model = model.withPreprocessing(preprocessing.changed(
                    preprocessing.preset(model.inputSize()).orElse(model.preprocessing())));
        }
        return classes == null ? model : model.withClassNames(names());
    }

    /** Returns the preprocessing that a configuration file states, with the options in place. */
    Preprocessing preprocessing(Path config) {
        Optional<Preprocessing> stated = preprocessing.isComplete() ? Optional.empty() : PreprocessingFiles.of(config);
        Size size = stated.flatMap(Preprocessing::outputSize).orElse(DEFAULT_SIZE);
        return preprocessing.changed(preprocessing
                .preset(size)
                .or(() -> preprocessing.isComplete() ? Optional.of(PreprocessingPreset.IMAGENET.at(size)) : stated)
                .orElseThrow(() -> new VitrailException(
                        config + ": has no field that says how a picture becomes input, such as image_mean or size")));
    }

    /** Returns a model under the name of its file, to be measured. */
    Comparison.Entry entry(ModelSource.Located model) {
        return new Comparison.Entry(model.name(), model.path(), open(model.path()));
    }

    private Task.Kind kind() {
        return Task.Kind.ofName(task)
                .orElseThrow(() -> new VitrailException(
                        "there is no task " + task + "; there are " + String.join(", ", new Tasks())));
    }

    private List<String> names() {
        try {
            return InputFile.text(classes)
                    .lines()
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .toList();
        } catch (NoSuchFileException e) {
            throw new VitrailException("there is no file " + classes, e);
        } catch (IOException e) {
            throw new VitrailException(classes + " cannot be read as text: " + InputFile.reason(e), e);
        }
    }

    /** Adds the task of a model and its preprocessing. */
    static PropertyList describe(PropertyList facts, String label, Model model) {
        return facts.add("Model", label)
                .add("Task", model.task().describe())
                .add("Preprocessing", preprocessing(model));
    }

    /** Returns the model's preprocessing and the source that it comes from. */
    static String preprocessing(Model model) {
        return model.preprocessing().describe() + " (" + model.origin().label() + ")";
    }
}
