package org.vitrail.task;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.ValueInfo;
import org.vitrail.task.Task.Kind;
import org.vitrail.tensor.VitrailException;

/**
 * A model's task, and the reason for choosing it.
 *
 * @param reason text for users: which output indicates the task, or who states it
 */
public record TaskChoice(Task task, String reason) {
    private static final Pattern SCORES = Pattern.compile("logit|score|prob|class");
    private static final Pattern BOXES = Pattern.compile("box");
    private static final Pattern EMBEDDINGS = Pattern.compile("embed|pool|feature|hidden_state");

    /** Patterns in order of preference for a model with several vectors; the first match is used. */
    private static final List<Pattern> PREFERRED_EMBEDDINGS = List.of(
            Pattern.compile("image_embed"),
            Pattern.compile("embed"),
            Pattern.compile("pool"),
            Pattern.compile("feature"));

    /** Finds the task from the names and shapes of the graph's outputs. */
    public static TaskChoice find(Graph graph) {
        Outputs outputs = new Outputs(graph);
        Optional<Task> detection = outputs.detection();
        if (detection.isPresent()) {
            return new TaskChoice(
                    detection.get(),
                    "outputs " + String.join(" and ", detection.get().outputs()) + " are class scores and boxes");
        }
        ValueInfo first = outputs.first(info -> outputs.named(info, SCORES))
                .or(() -> outputs.first(info -> outputs.named(info, EMBEDDINGS)))
                .or(() -> outputs.first(info -> true))
                .orElseThrow(() -> new VitrailException("the model " + graph.name() + " has no output"));
        Kind kind = outputs.kind(first);
        Task task = outputs.task(kind).orElse(new Task.Classification(first.name(), outputs.form(first)));
        String read = "output " + task.outputs().getFirst();
        return new TaskChoice(
                task,
                switch (kind) {
                    case CLASSIFICATION -> read + " is a row of numbers a picture";
                    case EMBEDDING ->
                        read + (outputs.tokens(task) ? " is a row of numbers a token" : " has such a name");
                    case DENSE -> read + " has numbers for every place";
                    case DETECTION -> throw new IllegalStateException("found above");
                });
    }

    /**
     * Chooses the outputs for a stated task.
     *
     * @param reason who states it
     * @throws VitrailException if the model has no outputs for it
     */
    public static TaskChoice of(Graph graph, Kind kind, String reason) {
        return ifFits(graph, kind, reason)
                .orElseThrow(() -> new VitrailException("the task " + kind.label() + " needs "
                        + switch (kind) {
                            case CLASSIFICATION -> "an output (batch, classes)";
                            case DETECTION ->
                                "outputs of class scores (batch, queries, classes + 1) and boxes (batch, queries, 4)";
                            case EMBEDDING -> "an output (batch, channels) or (batch, tokens, channels)";
                            case DENSE -> "an output (batch, classes, height, width) or (batch, tokens, classes)";
                        }
                        + ", but the model " + graph.name() + " has "
                        + new Outputs(graph).describe()));
    }

    /** Like {@link #of}, but empty if the model has no outputs for the task. */
    public static Optional<TaskChoice> ifFits(Graph graph, Kind kind, String reason) {
        return new Outputs(graph).task(kind).map(task -> new TaskChoice(task, reason));
    }

    /** A description in one line for users. */
    public String describe() {
        return task.kind().label() + " (" + reason + ")";
    }

    /** Classifies the outputs of a graph by name and shape. */
    private record Outputs(Graph graph) {
        Optional<Task> task(Kind kind) {
            return switch (kind) {
                case CLASSIFICATION -> best(2, SCORES).map(info -> new Task.Classification(info.name(), form(info)));
                case DETECTION -> detection();
                case EMBEDDING -> vector().map(info -> new Task.Embedding(info.name()));
                case DENSE -> best(4, SCORES).or(() -> best(3, SCORES)).map(info -> new Task.Dense(info.name()));
            };
        }

        /** How the scores of an output become probabilities, as far as the graph says it. */
        ScoreForm form(ValueInfo output) {
            return new ScoreOrigin(new GraphIndex(graph)).of(output.name()).orElse(ScoreForm.LOGITS);
        }

        /** The likely task if this output is the one that matters. */
        Kind kind(ValueInfo output) {
            return switch (rank(output)) {
                case 3 -> Kind.EMBEDDING;
                case 4 -> Kind.DENSE;
                default -> named(output, EMBEDDINGS) && !named(output, SCORES) ? Kind.EMBEDDING : Kind.CLASSIFICATION;
            };
        }

        Optional<Task> detection() {
            Optional<ValueInfo> boxes =
                    first(info -> isBoxes(info) && named(info, BOXES)).or(() -> first(this::isBoxes));
            return boxes.flatMap(this::scoresBeside)
                    .map(scores -> new Task.ObjectDetection(
                            scores.name(), boxes.orElseThrow().name()));
        }

        private Optional<ValueInfo> scoresBeside(ValueInfo boxes) {
            Predicate<ValueInfo> others = info -> rank(info) == 3 && !info.equals(boxes);
            return first(info -> others.test(info) && named(info, SCORES))
                    .or(() -> first(info -> others.test(info) && !named(info, EMBEDDINGS)));
        }

        private boolean isBoxes(ValueInfo info) {
            return rank(info) == 3 && info.shape().orElseThrow().getLast().is(4);
        }

        private Optional<ValueInfo> vector() {
            for (Pattern name : PREFERRED_EMBEDDINGS) {
                Optional<ValueInfo> found = first(info -> rank(info) == 2 && named(info, name));
                if (found.isPresent()) {
                    return found;
                }
            }
            return best(2, EMBEDDINGS).or(() -> best(3, EMBEDDINGS)).or(() -> best(4, EMBEDDINGS));
        }

        /**
         * Among outputs of this rank, returns one whose name matches, else the first. An output of unknown rank may be
         * a row of numbers.
         */
        private Optional<ValueInfo> best(int rank, Pattern name) {
            Predicate<ValueInfo> fits = info -> rank(info) == rank || (rank == 2 && rank(info) < 0);
            return first(info -> fits.test(info) && named(info, name)).or(() -> first(fits));
        }

        Optional<ValueInfo> first(Predicate<ValueInfo> condition) {
            return graph.outputs().stream().filter(condition).findFirst();
        }

        boolean named(ValueInfo info, Pattern name) {
            return name.matcher(info.name().toLowerCase(Locale.ROOT)).find();
        }

        boolean tokens(Task task) {
            return first(info -> info.name().equals(task.outputs().getFirst()))
                    .map(info -> rank(info) == 3)
                    .orElse(false);
        }

        /** The rank of an output; −1 if the file does not declare it. */
        int rank(ValueInfo info) {
            return info.shape().map(List::size).orElse(-1);
        }

        String describe() {
            return graph.outputs().stream()
                    .map(info -> info.name()
                            + info.shape()
                                    .map(shape -> shape.stream()
                                            .map(Dim::toString)
                                            .collect(Collectors.joining(", ", " (", ")")))
                                    .orElse(""))
                    .collect(Collectors.joining(" and "));
        }
    }
}
