package org.vitrail.task;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.vitrail.detection.Box;
import org.vitrail.detection.Detection;
import org.vitrail.detection.DetrPostprocessing;
import org.vitrail.image.Region;
import org.vitrail.image.Size;
import org.vitrail.task.ScoreForm.Activation;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/** Reads detections from the outputs of detectors. */
final class DetectionReader {
    private static final int BOX_COORDINATES = 4;

    /** Largest coordinate of boxes that are shares of the input; boxes may extend beyond it. */
    private static final double MAX_SHARE = 2;

    private DetectionReader() {}

    /**
     * Reads scores (queries, classes) and boxes (queries, 4) as centre, width and height.
     *
     * @param form of the scores; the last of a query stands for no object under a softmax
     * @param outputs names the two in messages
     */
    static Answer.Objects ofQueries(Tensor classes, Tensor boxes, ScoreForm form, List<String> outputs, Region region) {
        boolean isSoftmax = form.activation() == Activation.SOFTMAX;
        int leastWidth = isSoftmax && !form.applied() ? 2 : 1;
        if (boxes.extent(1) != BOX_COORDINATES
                || boxes.extent(0) != classes.extent(0)
                || classes.extent(1) < leastWidth) {
            throw new VitrailException("a detector gives class scores (queries, classes"
                    + (isSoftmax ? " + 1" : "") + ") and boxes (queries, 4), but the outputs " + outputs
                    + " are " + classes + " and " + boxes);
        }
        if (form.equals(ScoreForm.LOGITS)) {
            return new Answer.Objects(
                    DetrPostprocessing.decode(classes.values(), boxes.values(), region),
                    region,
                    Optional.of(new Answer.QueryScores(classes.values(), classes.extent(1))));
        }
        return new Answer.Objects(best(form, classes, boxes, region), region, Optional.empty());
    }

    /** The best pairs of query and class, as many as there are queries (RT-DETR, Deformable DETR). */
    private static List<Detection> best(ScoreForm form, Tensor classes, Tensor boxes, Region region) {
        int width = classes.extent(1);
        int queries = classes.extent(0);
        List<Detection> all = new ArrayList<>();
        for (int query = 0; query < queries; query++) {
            double[] probabilities = form.probabilities(classes.item(query).values());
            Box box = DetrPostprocessing.box(boxes.values(), query * BOX_COORDINATES, region);
            double sum = 0;
            for (double probability : probabilities) {
                sum += probability;
            }
            boolean hasNone = form.activation() == Activation.SOFTMAX && width > 1 && sum > 1 - 1e-3;
            for (int label = 0; label < (hasNone ? width - 1 : width); label++) {
                all.add(new Detection(label, probabilities[label], box));
            }
        }
        return all.stream()
                .sorted(Comparator.comparingDouble(Detection::score).reversed())
                .limit(queries)
                .toList();
    }

    /**
     * Reads labels (detections), boxes (detections, 4) as corners, and scores (detections).
     *
     * @param input the size of the input whose pixels boxes are in; empty for pixels of the image
     * @param outputs names the three in messages
     */
    static Answer.Objects ofList(
            Tensor labels, Tensor boxes, Tensor scores, Optional<Size> input, List<String> outputs, Region region) {
        int count = scores.size();
        if (labels.size() != count || boxes.size() != count * BOX_COORDINATES) {
            throw new VitrailException("a detector gives a label, a box and a score for each object, but the outputs "
                    + outputs + " are " + labels + ", " + boxes + " and " + scores);
        }
        float[] corners = boxes.values();
        boolean isShare = IntStream.range(0, corners.length).allMatch(i -> Math.abs(corners[i]) <= MAX_SHARE);
        boolean isCentre = !isOrdered(corners, count);
        Size unit = isShare
                ? Size.square(1)
                : input.orElse(new Size((int) Math.ceil(region.height()), (int) Math.ceil(region.width())));
        List<Detection> detections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int label = Math.round(labels.values()[i]);
            if (label >= 0) {
                detections.add(new Detection(
                        label,
                        Math.clamp(scores.values()[i], 0, 1),
                        box(corners, i * BOX_COORDINATES, isCentre, unit, region)));
            }
        }
        return new Answer.Objects(detections, region, Optional.empty());
    }

    /** Returns whether most boxes are two corners, the second one right of and below the first. */
    private static boolean isOrdered(float[] corners, int count) {
        int ordered = 0;
        for (int at = 0; at < corners.length; at += BOX_COORDINATES) {
            ordered += corners[at + 2] >= corners[at] && corners[at + 3] >= corners[at + 1] ? 1 : 0;
        }
        return ordered >= 0.9 * count;
    }

    private static Box box(float[] values, int at, boolean isCentre, Size unit, Region region) {
        double x = values[at];
        double y = values[at + 1];
        double width = Math.max(0, isCentre ? values[at + 2] : values[at + 2] - x);
        double height = Math.max(0, isCentre ? values[at + 3] : values[at + 3] - y);
        double left = isCentre ? x - width / 2 : x;
        double top = isCentre ? y - height / 2 : y;
        double across = region.width() / unit.width();
        double down = region.height() / unit.height();
        return new Box(region.left() + left * across, region.top() + top * down, width * across, height * down);
    }
}
