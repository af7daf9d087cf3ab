package org.vitrail.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vitrail.detection.Box;
import org.vitrail.detection.DetectedImage;
import org.vitrail.detection.Detection;
import org.vitrail.detection.GroundTruthObject;
import org.vitrail.wire.WireInput;
import org.vitrail.wire.WireOutput;

/**
 * The wire form of a model's detections in one image, which are written once, with the objects that they are judged by.
 *
 * @param annotated the known objects and the detections
 * @param compared the reference model's objects and the same detections
 */
record DetectionsWire(Optional<DetectedImage> annotated, Optional<DetectedImage> compared) {
    private static final int MAX_BOXES = 1 << 16;

    static void write(Optional<DetectedImage> annotated, Optional<DetectedImage> compared, WireOutput out)
            throws IOException {
        write(annotated, out);
        write(compared, out);
        write(annotated.or(() -> compared).map(DetectedImage::detections).orElse(List.of()), out);
    }

    /** Writes detections by themselves. */
    static void write(List<Detection> detections, WireOutput out) throws IOException {
        out.integer(detections.size());
        for (Detection detection : detections) {
            out.integer(detection.label());
            out.float64(detection.score());
            write(detection.box(), out);
        }
    }

    private static void write(Optional<DetectedImage> image, WireOutput out) throws IOException {
        out.flag(image.isPresent());
        if (image.isPresent()) {
            out.integer(image.get().objects().size());
            for (GroundTruthObject object : image.get().objects()) {
                out.integer(object.label());
                write(object.box(), out);
                out.float64(object.area());
                out.flag(object.crowd());
            }
        }
    }

    private static void write(Box box, WireOutput out) throws IOException {
        out.doubles(new double[] {box.left(), box.top(), box.width(), box.height()});
    }

    static DetectionsWire read(WireInput in) throws IOException {
        Optional<List<GroundTruthObject>> known = objects(in);
        Optional<List<GroundTruthObject>> wanted = objects(in);
        List<Detection> detections = detections(in);
        return new DetectionsWire(
                known.map(objects -> new DetectedImage(objects, detections)),
                wanted.map(objects -> new DetectedImage(objects, detections)));
    }

    /** Reads what {@link #write(List, WireOutput)} wrote. */
    static List<Detection> detections(WireInput in) throws IOException {
        List<Detection> detections = new ArrayList<>();
        int count = in.count(0, MAX_BOXES);
        for (int i = 0; i < count; i++) {
            detections.add(new Detection(in.integer(), within(in.float64(), 1), box(in)));
        }
        return detections;
    }

    private static Optional<List<GroundTruthObject>> objects(WireInput in) throws IOException {
        if (!in.flag()) {
            return Optional.empty();
        }
        List<GroundTruthObject> objects = new ArrayList<>();
        int count = in.count(0, MAX_BOXES);
        for (int i = 0; i < count; i++) {
            objects.add(
                    new GroundTruthObject(in.integer(), box(in), within(in.float64(), Double.MAX_VALUE), in.flag()));
        }
        return Optional.of(objects);
    }

    private static Box box(WireInput in) throws IOException {
        double[] sides = in.doubles(4);
        return new Box(sides[0], sides[1], sides[2], sides[3]);
    }

    private static double within(double value, double most) {
        if (!(value >= 0 && value <= most)) {
            throw new IllegalArgumentException("a score or an area of " + value);
        }
        return value;
    }
}
