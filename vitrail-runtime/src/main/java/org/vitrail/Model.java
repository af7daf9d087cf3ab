package org.vitrail;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.vitrail.engine.EngineOptions;
import org.vitrail.engine.EngineProvider;
import org.vitrail.engine.Engines;
import org.vitrail.engine.ExampleSource;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.image.ImageSource;
import org.vitrail.image.Preprocessing;
import org.vitrail.image.PreprocessingJson;
import org.vitrail.image.PreprocessingPreset;
import org.vitrail.image.ResizeMode;
import org.vitrail.image.Size;
import org.vitrail.model.ClassNames;
import org.vitrail.model.ConfiguredTask;
import org.vitrail.model.ImageInput;
import org.vitrail.model.InputNormalisation;
import org.vitrail.model.ModelFiles;
import org.vitrail.model.ModelReader;
import org.vitrail.model.TrialRun;
import org.vitrail.task.OutputEvidence;
import org.vitrail.task.ScoreForm;
import org.vitrail.task.Task;
import org.vitrail.task.TaskChoice;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/**
 * A model with what is known about using it.
 *
 * @param preprocessing how a picture becomes the model's input; of the input's size and layout
 * @param origin who says so
 * @param classNames in label order; empty where nobody names them
 * @param task what the model is for
 */
public record Model(
        Graph graph,
        ImageInput input,
        Preprocessing preprocessing,
        PreprocessingOrigin origin,
        List<String> classNames,
        TaskChoice task) {
    /** Metadata of an ONNX file that says how pictures become input: JSON as {@link PreprocessingJson} writes it. */
    public static final String PREPROCESSING_KEY = "vitrail.preprocessing";

    /** Metadata of an ONNX file that names the classes: a JSON array in label order. */
    public static final String CLASSES_KEY = "vitrail.classes";

    /** Metadata of an ONNX file that says what the model is for: a {@link Task.Kind}'s label. */
    public static final String TASK_KEY = ConfiguredTask.METADATA_KEY;

    /** The input that models of any input size get where nothing says another. */
    private static final Size DEFAULT_SIZE = Size.square(224);

    public Model {
        classNames = List.copyOf(classNames);
        preprocessing = fitted(preprocessing, input, origin);
        Optional<Size> given = preprocessing.outputSize();
        if (given.isPresent() && input.size().isPresent() && !given.equals(input.size())) {
            throw new VitrailException("the preprocessing gives pictures of " + given.get() + " pixels, but the model "
                    + graph.name() + " takes " + input.size().get() + ": choose another crop or size");
        }
        OptionalInt classes = classes(graph, task.task());
        if (!classNames.isEmpty() && classes.isPresent() && classes.getAsInt() != classNames.size()) {
            throw new VitrailException("there are names for " + classNames.size() + " classes, but the model "
                    + graph.name() + " has " + classes.getAsInt());
        }
    }

    /**
     * Of the input's layout, padded to its size where pictures are resized in proportion and padded, bytes where it
     * takes bytes. What a file says for pictures of any size becomes a resize of the whole picture to a fixed input.
     */
    private static Preprocessing fitted(Preprocessing preprocessing, ImageInput input, PreprocessingOrigin origin) {
        Preprocessing laidOut = preprocessing.withLayout(input.layout());
        Preprocessing scaled = input.bytes() ? laidOut.withoutNormalisation() : laidOut;
        if (input.size().isEmpty()) {
            return scaled;
        }
        Size size = input.size().get();
        Preprocessing padded = scaled.withSizing(scaled.sizing().onCanvas(size));
        boolean varies = padded.outputSize().isEmpty() && !(padded.sizing() instanceof ResizeMode.Keep);
        return varies && origin != PreprocessingOrigin.CALLER ? padded.withWholePicture(size) : padded;
    }

    /**
     * Opens an ONNX file, compressed or not, or a checkpoint (a safetensors file, or a folder that holds one), with what
     * its metadata and the configuration files beside it say; the folder above is searched where the file's own is
     * called "onnx". A folder that holds an ONNX file and no checkpoint stands for that file. Where nothing says how
     * pictures become input, ImageNet's usual preprocessing is assumed.
     *
     * @throws VitrailException when the file cannot be used, or takes no RGB picture
     */
    public static Model open(Path path) {
        return of(ModelReader.read(path));
    }

    /**
     * As {@link #open}, but whatever the metadata and the files say about preprocessing is not even read: for a caller
     * who says all of it with {@link #withPreprocessing}.
     */
    public static Model openWithoutPreprocessing(Path path) {
        ModelFiles files = ModelReader.read(path);
        Map<String, String> metadata = new LinkedHashMap<>(files.graph().metadata());
        metadata.remove(PREPROCESSING_KEY);
        return of(new ModelFiles(
                files.path(),
                files.graph().withMetadata(metadata),
                Optional::empty,
                files.classNames(),
                files.config()));
    }

    /** A graph with what its metadata says, else what the files beside it say. */
    public static Model of(ModelFiles files) {
        Graph graph = files.graph();
        String path = files.path().toString();
        ImageInput input = ImageInput.of(graph);
        Optional<Preprocessing> own = Optional.ofNullable(graph.metadata().get(PREPROCESSING_KEY))
                .map(json -> PreprocessingJson.read(json, path + ", metadata " + PREPROCESSING_KEY));
        List<String> names = Optional.ofNullable(graph.metadata().get(CLASSES_KEY))
                .map(json -> ClassNames.read(json, path + ", metadata " + CLASSES_KEY))
                .orElse(files.classNames());
        Optional<Preprocessing> beside =
                own.isPresent() ? Optional.empty() : files.preprocessing().get();
        Optional<InputNormalisation> within = own.isPresent() ? Optional.empty() : InputNormalisation.of(graph, input);
        PreprocessingOrigin origin = own.isPresent()
                ? PreprocessingOrigin.MODEL
                : beside.isPresent()
                        ? PreprocessingOrigin.FILES
                        : within.isPresent() ? PreprocessingOrigin.GRAPH : PreprocessingOrigin.ASSUMED;
        Size size = input.size()
                .or(() -> own.or(() -> beside).flatMap(Preprocessing::outputSize))
                .orElse(DEFAULT_SIZE);
        TaskChoice task =
                ConfiguredTask.of(evidence(graph, input, size, names.size()), graph.metadata(), files.config(), path);
        Preprocessing preprocessing = own.or(() -> beside)
                .orElseGet(() -> assumed(task.task(), input.size().orElse(DEFAULT_SIZE)));
        Preprocessing fed = within.filter(found -> beside.isEmpty() || found.isRepeatedBy(preprocessing))
                .map(found -> found.leftOutOf(preprocessing))
                .orElse(preprocessing);
        return new Model(graph, input, fed, origin, names, task);
    }

    private static OutputEvidence evidence(Graph graph, ImageInput input, Size size, int classNames) {
        return new OutputEvidence(
                TrialRun.sized(graph, input, size),
                Optional.of(size),
                Optional.empty(),
                false,
                classNames == 0 ? OptionalInt.empty() : OptionalInt.of(classNames),
                new TrialRun(graph, input, size));
    }

    /** ImageNet's; nothing is cropped away where every place of a picture counts. */
    private static Preprocessing assumed(Task task, Size size) {
        Preprocessing usual = PreprocessingPreset.IMAGENET.at(size);
        return switch (task) {
            case Task.Classification classification -> usual;
            case Task.Embedding embedding -> usual;
            case Task.ObjectDetection detection -> usual.withWholePicture(size);
            case Task.DetectionList detection -> usual.withWholePicture(size);
            case Task.Dense dense -> usual.withWholePicture(size);
            case Task.ClassMap map -> usual.withWholePicture(size);
            case Task.ValueMap map -> usual.withWholePicture(size);
            case Task.Masks masks -> usual.withWholePicture(size);
            case Task.Other other -> usual.withWholePicture(size);
        };
    }

    /** The number of classes, where the model is made to tell classes apart and says how many. */
    public OptionalInt classes() {
        return classes(graph, task.task());
    }

    private static OptionalInt classes(Graph graph, Task task) {
        return switch (task) {
            case Task.Classification(String scores, ScoreForm form) -> extent(graph, scores, 1, 0);
            case Task.ObjectDetection(String scores, String boxes, ScoreForm form) ->
                extent(graph, scores, 2, form.equals(ScoreForm.LOGITS) ? 1 : 0);
            case Task.DetectionList list -> OptionalInt.empty();
            case Task.Embedding embedding -> OptionalInt.empty();
            case Task.Dense dense -> OptionalInt.empty();
            case Task.ClassMap map -> OptionalInt.empty();
            case Task.ValueMap map -> OptionalInt.empty();
            case Task.Masks masks -> OptionalInt.empty();
            case Task.Other other -> OptionalInt.empty();
        };
    }

    /** Of an axis of an output, where it is known, less the classes that are none. */
    private static OptionalInt extent(Graph graph, String output, int axis, int less) {
        return graph.outputs().stream()
                .filter(info -> info.name().equals(output))
                .flatMap(info -> info.shape().stream())
                .filter(shape -> shape.size() > axis)
                .flatMapToInt(shape -> shape.get(axis) instanceof Dim.Known(long extent) && extent <= Integer.MAX_VALUE
                        ? IntStream.of((int) extent - less)
                        : IntStream.empty())
                .findFirst();
    }

    /** The name of a class; "class 7" where nobody names it. */
    public String className(int label) {
        return label < classNames.size() ? classNames.get(label) : "class " + label;
    }

    /** Pictures of {@link #DEFAULT_SIZE}, or of the size that the model's input has. */
    public Size inputSize() {
        return input.size().or(preprocessing::outputSize).orElse(DEFAULT_SIZE);
    }

    /** The model with preprocessing that the caller chose. */
    public Model withPreprocessing(Preprocessing chosen) {
        return new Model(graph, input, chosen, PreprocessingOrigin.CALLER, classNames, task);
    }

    public Model withClassNames(List<String> newNames) {
        return new Model(graph, input, preprocessing, origin, newNames, task);
    }

    /**
     * The model used for a task that the caller chose.
     *
     * @throws VitrailException where it has no outputs for it
     */
    public Model withTask(Task.Kind kind) {
        TaskChoice chosen = TaskChoice.of(evidence(graph, input, inputSize(), classNames.size()), kind, "the caller");
        Preprocessing usual = assumed(chosen.task(), inputSize());
        return new Model(
                graph,
                input,
                switch (origin) {
                    case ASSUMED -> usual;
                    case GRAPH -> preprocessing.withSizing(usual.sizing()).withCrop(usual.crop());
                    case MODEL, FILES, CALLER -> preprocessing;
                },
                origin,
                classNames,
                chosen);
    }

    /** Another graph in place of this one, used in the same way: a quantized one, for example. */
    public Model withGraph(Graph newGraph) {
        return new Model(newGraph, ImageInput.of(newGraph), preprocessing, origin, classNames, task);
    }

    /** The graph's metadata and what this model knows beyond it: a file that carries it is enough to predict with. */
    public Map<String, String> metadata() {
        Map<String, String> all = new LinkedHashMap<>(graph.metadata());
        all.put(PREPROCESSING_KEY, PreprocessingJson.write(preprocessing));
        ConfiguredTask.describe(task.task(), all);
        if (!classNames.isEmpty()) {
            all.put(CLASSES_KEY, ClassNames.write(classNames));
        }
        return all;
    }

    /** The pictures as the model is fed with them, one at a time; a broken picture is an error. */
    public ExampleSource inputs(ImageSource images) {
        return new ExampleSource() {
            @Override
            public int size() {
                return images.size();
            }

            @Override
            public Map<String, Tensor> get(int index) {
                return input.feed(preprocessing, images.image(index));
            }
        };
    }

    /** The model ready to run in the preferred engine that takes it; close it when the last thread has finished. */
    public RunningModel start(EngineOptions options) {
        return start(options, Engines.preferred(graph));
    }

    /** As {@link #start(EngineOptions)}, in this engine. */
    public RunningModel start(EngineOptions options, EngineProvider engines) {
        return new RunningModel(graph, task, input, preprocessing, engines.open(graph, options));
    }
}
