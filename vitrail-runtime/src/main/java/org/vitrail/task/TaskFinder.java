package org.vitrail.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.vitrail.graph.DataType;
import org.vitrail.graph.GraphIndex;
import org.vitrail.task.Task.Kind;
import org.vitrail.tensor.VitrailException;

/** Finds the task of a model from its outputs: their names, types and shapes, and the operators that make them. */
final class TaskFinder {
    private static final Pattern SCORES = Pattern.compile("logit|score|prob|class");
    private static final Pattern BOXES = Pattern.compile("box");
    private static final Pattern LABELS = Pattern.compile("label|class|cls|categor");
    private static final Pattern MASKS = Pattern.compile("mask");
    private static final Pattern EMBEDDINGS = Pattern.compile("embed|pool|feature|hidden_state");
    private static final Pattern PICTURES = Pattern.compile("reconstruct|image|rgb|normal|flow");

    /** Patterns in order of preference for a model with several vectors; the first match is used. */
    private static final List<Pattern> PREFERRED_EMBEDDINGS = List.of(
            Pattern.compile("image_embed"),
            Pattern.compile("embed"),
            Pattern.compile("pool"),
            Pattern.compile("feature"));

    private final OutputEvidence evidence;
    private final List<OutputFacts> outputs;
    private final ScoreOrigin origins;
    private final MapOrigin maps;

    TaskFinder(OutputEvidence evidence) {
        this.evidence = evidence;
        this.outputs = OutputFacts.of(evidence);
        this.origins = new ScoreOrigin(new GraphIndex(evidence.graph()));
        this.maps = new MapOrigin(evidence);
    }

    /** The task that the outputs indicate. */
    Task find() {
        Optional<Task> several = detection().or(this::masks);
        if (several.isPresent()) {
            return several.get();
        }
        OutputFacts main = first(output -> output.named(SCORES) && !output.isWhole())
                .or(() -> first(output -> output.named(SCORES)))
                .or(() -> first(output -> output.named(MapOrigin.MAPS)))
                .or(() -> first(output -> output.named(EMBEDDINGS)))
                .or(() -> first(output -> true))
                .orElseThrow(() ->
                        new VitrailException("the model " + evidence.graph().name() + " has no output"));
        Task task = ofOne(main);
        if (task instanceof Task.Embedding) {
            task = vector().<Task>map(output -> new Task.Embedding(output.name()))
                    .orElse(task);
        }
        return task;
    }

    /** Describes for users what indicates a task. */
    String reason(Task task) {
        String names = String.join(" and ", task.outputs());
        String read = "output " + task.outputs().getFirst();
        return switch (task) {
            case Task.Classification classification ->
                read + " is a row of numbers a picture"
                        + (classification.form().equals(ScoreForm.LOGITS) ? "" : ", " + classification.form());
            case Task.ObjectDetection detection ->
                "outputs " + names + " are class scores and boxes"
                        + (detection.form().equals(ScoreForm.LOGITS) ? "" : ", " + detection.form());
            case Task.DetectionList list -> "outputs " + String.join(", ", list.outputs()) + " are lists of detections";
            case Task.Embedding embedding ->
                read + (rank(embedding.vector()) == 3 ? " is a row of numbers a token" : " has such a name");
            case Task.Dense dense -> read + " has numbers for every place";
            case Task.ClassMap map -> read + " holds whole numbers";
            case Task.ValueMap map ->
                rank(map.values()) > 2 ? read + " has one number for every place" : read + " is one number a picture";
            case Task.Masks masks -> "outputs " + names + " are masks and their scores";
            case Task.Other other -> "nothing says what output " + describe() + " means";
        };
    }

    private int rank(String output) {
        return first(one -> one.name().equals(output)).map(OutputFacts::rank).orElse(-1);
    }

    Optional<Task> task(Kind kind) {
        return switch (kind) {
            case CLASSIFICATION -> best(2, SCORES).map(output -> new Task.Classification(output.name(), form(output)));
            case DETECTION -> detection();
            case EMBEDDING -> vector().map(output -> new Task.Embedding(output.name()));
            case DENSE -> masks().or(this::dense);
            case OTHER -> Optional.of(other());
        };
    }

    private Task other() {
        return new Task.Other(outputs.stream().map(OutputFacts::name).toList());
    }

    /** Returns the form of an output's scores, as far as the graph or the configuration states it. */
    private ScoreForm form(OutputFacts output) {
        return origins.of(output.name())
                .orElseGet(() -> evidence.sigmoid().orElse(false) ? ScoreForm.SIGMOID_LOGITS : ScoreForm.LOGITS);
    }

    /** The task of a model whose answer is in this output. */
    private Task ofOne(OutputFacts output) {
        if (output.isWhole() && output.rank() >= 1) {
            return isPicture(output) ? new Task.ValueMap(output.name()) : new Task.ClassMap(output.name());
        }
        return switch (output.rank()) {
            case -1, 2 -> ofRow(output);
            case 1 -> new Task.ValueMap(output.name());
            case 3 ->
                evidence.map() || maps.isMap(output)
                        ? new Task.ValueMap(output.name())
                        : new Task.Embedding(output.name());
            case 4 -> {
                if (output.is(2, 1) && output.is(3, 1)) {
                    yield ofRow(output);
                }
                yield isFeatures(output) ? new Task.Embedding(output.name()) : ofPlaces(output);
            }
            default -> other();
        };
    }

    /** A single number a picture is a probability only if the graph makes it one. */
    private Task ofRow(OutputFacts output) {
        if (isFeatures(output)) {
            return new Task.Embedding(output.name());
        }
        ScoreForm form = form(output);
        return output.is(1, 1) && form.equals(ScoreForm.LOGITS)
                ? new Task.ValueMap(output.name())
                : new Task.Classification(output.name(), form);
    }

    private static boolean isFeatures(OutputFacts output) {
        return output.named(EMBEDDINGS) && !output.named(SCORES);
    }

    private Task ofPlaces(OutputFacts output) {
        boolean isSingle = output.is(1, 1) || output.is(3, 1);
        return isSingle || isPicture(output) ? new Task.ValueMap(output.name()) : new Task.Dense(output.name());
    }

    /** Returns whether an output holds colours or normals: three channels, at least the size of the input. */
    private boolean isPicture(OutputFacts output) {
        if (output.rank() != 4 || output.named(SCORES)) {
            return false;
        }
        boolean isLast = !output.is(1, 3) && output.is(3, 3);
        boolean isLarge = evidence.input()
                .filter(size -> output.extent(isLast ? 1 : 2).orElse(0L) >= size.height()
                        && output.extent(isLast ? 2 : 3).orElse(0L) >= size.width())
                .isPresent();
        boolean isColour = output.is(1, 3) || isLast;
        return isColour
                && (output.named(PICTURES)
                        || output.type().filter(type -> type == DataType.UINT8).isPresent()
                        || (isLarge && !output.named(MapOrigin.MAPS)));
    }

    private Optional<Task> dense() {
        return first(output -> output.rank() == 4 && (output.named(SCORES) || output.named(MapOrigin.MAPS)))
                .or(() -> first(output -> output.rank() == 4))
                .or(() -> first(output -> output.rank() == 3 && output.isWhole()))
                .or(() -> first(output -> output.rank() == 3 && output.named(MapOrigin.MAPS)))
                .or(() -> best(3, SCORES))
                .or(() -> first(output -> evidence.map()))
                .map(output -> {
                    if (output.isWhole()) {
                        return ofOne(output);
                    }
                    if (output.rank() == 4) {
                        return ofPlaces(output);
                    }
                    return evidence.map() || maps.isMap(output)
                            ? new Task.ValueMap(output.name())
                            : new Task.Dense(output.name());
                });
    }

    private Optional<Task> detection() {
        return detectionList().or(this::detectionByQueries);
    }

    /** Labels, boxes and scores: a number, four numbers and a number for each detection. */
    private Optional<Task> detectionList() {
        for (OutputFacts boxes : outputs) {
            int rank = boxes.rank() - 1;
            if (boxes.is(-1, 4) && (rank == 1 || rank == 2)) {
                List<OutputFacts> lists = new ArrayList<>(outputs);
                lists.removeIf(output -> output.equals(boxes) || output.rank() != rank);
                Optional<OutputFacts> labels = lists.stream()
                        .filter(output -> output.isWhole() && !output.named(Pattern.compile("num|count")))
                        .findFirst()
                        .or(() -> lists.stream()
                                .filter(output -> output.named(LABELS) && !output.named(Pattern.compile("score|prob")))
                                .findFirst());
                Optional<OutputFacts> scores = lists.stream()
                        .filter(output -> !output.isWhole() && !labels.equals(Optional.of(output)))
                        .findFirst();
                if (labels.isPresent() && scores.isPresent()) {
                    return Optional.of(new Task.DetectionList(
                            labels.get().name(), boxes.name(), scores.get().name(), evidence.input()));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Task> detectionByQueries() {
        Optional<OutputFacts> boxes = first(output -> isBoxes(output) && output.named(BOXES))
                .or(() -> first(output -> output.rank() == 3
                        && output.named(BOXES)
                        && output.extent(2).isEmpty()))
                .or(() -> first(this::isBoxes));
        return boxes.flatMap(this::scoresBeside)
                .map(scores -> new Task.ObjectDetection(
                        scores.name(),
                        boxes.orElseThrow().name(),
                        new DetectorForm(evidence, origins).of(scores, boxes.orElseThrow())));
    }

    private Optional<OutputFacts> scoresBeside(OutputFacts boxes) {
        Predicate<OutputFacts> others = output -> output.rank() == 3 && !output.equals(boxes) && !output.isWhole();
        return first(output -> others.test(output) && output.named(SCORES))
                .or(() -> first(output -> others.test(output) && !output.named(EMBEDDINGS)));
    }

    private boolean isBoxes(OutputFacts output) {
        return output.rank() == 3 && output.is(2, 4);
    }

    /** Masks (..., masks, height, width), with scores (..., masks) or class scores (..., masks, classes + 1). */
    private Optional<Task> masks() {
        for (OutputFacts masks : outputs) {
            int rank = masks.rank();
            if (rank >= 4 && masks.named(MASKS)) {
                Optional<OutputFacts> scores = first(output -> !output.equals(masks)
                        && !output.isWhole()
                        && (output.rank() == rank - 2 || output.rank() == rank - 1)
                        && output.extent(rank - 3).equals(masks.extent(rank - 3))
                        && (output.rank() == rank - 2 || output.named(SCORES)));
                if (scores.isPresent()) {
                    return Optional.of(new Task.Masks(scores.map(OutputFacts::name), masks.name()));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<OutputFacts> vector() {
        for (Pattern name : PREFERRED_EMBEDDINGS) {
            Optional<OutputFacts> found = first(output -> output.rank() == 2 && output.named(name));
            if (found.isPresent()) {
                return found;
            }
        }
        return best(2, EMBEDDINGS).or(() -> best(3, EMBEDDINGS)).or(() -> best(4, EMBEDDINGS));
    }

    /**
     * Among outputs of this rank, returns one whose name matches, else the first. An output of unknown rank may be a row
     * of numbers.
     */
    private Optional<OutputFacts> best(int rank, Pattern name) {
        Predicate<OutputFacts> fits = output -> output.rank() == rank || (rank == 2 && output.rank() < 0);
        return first(output -> fits.test(output) && output.named(name)).or(() -> first(fits));
    }

    private Optional<OutputFacts> first(Predicate<OutputFacts> condition) {
        return outputs.stream().filter(condition).findFirst();
    }

    String describe() {
        return outputs.stream().map(OutputFacts::describe).collect(Collectors.joining(" and "));
    }
}
