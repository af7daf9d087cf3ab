package org.vitrail.task;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;
import org.vitrail.tensor.Tensor;

/**
 * Tells detectors with a softmax over the classes and "no object" (DETR, YOLOS) from those with a sigmoid for each class,
 * which were trained with the focal loss (RT-DETR, D-FINE, Deformable and Conditional DETR, DINO, OWL-ViT).
 */
final class DetectorForm {
    /** Operators of deformable attention and of query selection, which detectors with a softmax do not have. */
    private static final Set<String> FOCAL_OPERATORS = Set.of("GridSample", "TopK");

    /** Mean logit below which classes are improbable one by one: focal-loss detectors begin at a probability of .01. */
    private static final double IMPROBABLE = -2;

    /** Largest share of classes that are more probable than not. */
    private static final double MAX_PROBABLE = 0.1;

    /** Mean excess of the last logit over the best other one from which it stands for "no object". */
    private static final double NO_OBJECT_MARGIN = 1;

    private final OutputEvidence evidence;
    private final ScoreOrigin origins;

    DetectorForm(OutputEvidence evidence, ScoreOrigin origins) {
        this.evidence = evidence;
        this.origins = origins;
    }

    /** The form of a detector's scores: by the graph, the configuration, the number of class names, or the values. */
    ScoreForm of(OutputFacts scores, OutputFacts boxes) {
        Optional<ScoreForm> origin = origins.of(scores.name());
        if (origin.isPresent()) {
            return origin.get();
        }
        boolean isSigmoid = evidence.sigmoid()
                .or(() -> byNumber(scores))
                .or(() -> byOperators(List.of(scores.name(), boxes.name())))
                .or(() -> byValues(scores.name()))
                .orElse(false);
        return isSigmoid ? ScoreForm.SIGMOID_LOGITS : ScoreForm.LOGITS;
    }

    private Optional<Boolean> byNumber(OutputFacts scores) {
        Optional<Long> width = scores.extent(2);
        if (width.filter(one -> one == 1).isPresent()) {
            return Optional.of(true);
        }
        int names = evidence.classNames().orElse(0);
        return width.filter(classes -> names > 0 && (classes == names || classes == names + 1))
                .map(classes -> classes == names);
    }

    private Optional<Boolean> byOperators(List<String> outputs) {
        GraphIndex index = new GraphIndex(evidence.graph());
        Set<String> seen = new HashSet<>(outputs);
        Deque<String> open = new ArrayDeque<>(outputs);
        while (!open.isEmpty()) {
            Optional<Node> node = index.producer(open.pop());
            if (node.filter(one -> FOCAL_OPERATORS.contains(one.op())).isPresent()) {
                return Optional.of(true);
            }
            node.stream().flatMap(one -> one.reads().stream()).filter(seen::add).forEach(open::push);
        }
        return Optional.empty();
    }

    private Optional<Boolean> byValues(String scores) {
        Tensor values = evidence.run().get().get(scores);
        if (values == null || values.rank() != 3 || values.extent(2) < 2 || values.size() == 0) {
            return Optional.empty();
        }
        int width = values.extent(2);
        double margin = 0;
        double sum = 0;
        int probable = 0;
        for (int from = 0; from < values.size(); from += width) {
            double best = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < width; i++) {
                double value = values.values()[from + i];
                sum += value;
                probable += value > 0 ? 1 : 0;
                best = i < width - 1 ? Math.max(best, value) : best;
            }
            margin += values.values()[from + width - 1] - best;
        }
        boolean hasNoObject = margin / values.rows() > NO_OBJECT_MARGIN;
        boolean isImprobable = sum / values.size() < IMPROBABLE && probable <= MAX_PROBABLE * values.size();
        return Optional.of(!hasNoObject && isImprobable);
    }
}
