package org.vitrail.detection;

import java.util.List;

/** What is in a picture, and what a detector sees there, in any order. */
public record DetectedImage(List<GroundTruthObject> objects, List<Detection> detections) {
    public DetectedImage {
        objects = List.copyOf(objects);
        detections = List.copyOf(detections);
    }

    /** A detector compared with another one, whose detections are taken for the truth. */
    public static DetectedImage against(List<Detection> reference, List<Detection> detections) {
        return new DetectedImage(reference.stream().map(GroundTruthObject::of).toList(), detections);
    }
}
