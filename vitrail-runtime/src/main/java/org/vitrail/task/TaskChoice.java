package org.vitrail.task;

import java.util.Optional;
import org.vitrail.graph.Graph;
import org.vitrail.task.Task.Kind;
import org.vitrail.tensor.VitrailException;

/**
 * A model's task, and the reason for choosing it.
 *
 * @param reason text for users: which output indicates the task, or who states it
 */
public record TaskChoice(Task task, String reason) {
    /** Finds the task from the names and shapes of the graph's outputs. */
    public static TaskChoice find(Graph graph) {
        return find(OutputEvidence.of(graph));
    }

    /** As {@link #find(Graph)}, with what else is known of the outputs. */
    public static TaskChoice find(OutputEvidence evidence) {
        TaskFinder finder = new TaskFinder(evidence);
        Task task = finder.find();
        return new TaskChoice(task, finder.reason(task));
    }

    /**
     * Chooses the outputs for a stated task.
     *
     * @param reason who states it
     * @throws VitrailException if the model has no outputs for it
     */
    public static TaskChoice of(Graph graph, Kind kind, String reason) {
        return of(OutputEvidence.of(graph), kind, reason);
    }

    /** As {@link #of(Graph, Kind, String)}, with what else is known of the outputs. */
    public static TaskChoice of(OutputEvidence evidence, Kind kind, String reason) {
        return ifFits(evidence, kind, reason)
                .orElseThrow(() -> new VitrailException("the task " + kind.label() + " needs "
                        + switch (kind) {
                            case CLASSIFICATION -> "an output (batch, classes)";
                            case DETECTION ->
                                "outputs of class scores (batch, queries, classes + 1) and boxes (batch, queries, 4),"
                                        + " or of labels, boxes and scores";
                            case EMBEDDING -> "an output (batch, channels) or (batch, tokens, channels)";
                            case DENSE ->
                                "an output (batch, classes, height, width), (batch, height, width) or (batch, tokens,"
                                        + " classes)";
                            case OTHER -> "an output";
                        }
                        + ", but the model " + evidence.graph().name() + " has "
                        + new TaskFinder(evidence).describe()));
    }

    /** Like {@link #of}, but empty if the model has no outputs for the task. */
    public static Optional<TaskChoice> ifFits(OutputEvidence evidence, Kind kind, String reason) {
        return new TaskFinder(evidence).task(kind).map(task -> new TaskChoice(task, reason));
    }

    /** A description in one line for users. */
    public String describe() {
        return task.kind().label() + " (" + reason + ")";
    }
}
