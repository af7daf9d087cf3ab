package org.vitrail.detection;

import java.util.List;

/** Holds the true objects of an image and the detections of a model in it, in any order. */
public record DetectedImage(List<GroundTruthObject> objects, List<Detection> detections) {
    public DetectedImage {
        objects = List.copyOf(objects);
        detections = List.copyOf(detections);
    }

    /** Compares a detector with another one, whose detections are taken as the ground truth. */
    public static DetectedImage against(List<Detection> reference, List<Detection> detections) {
        return new DetectedImage(reference.stream().map(GroundTruthObject::of).toList(), detections);
    }
}
