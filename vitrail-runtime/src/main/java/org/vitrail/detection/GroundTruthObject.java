package org.vitrail.detection;

/**
 * An object that is in an image (ground truth).
 *
 * @param label the number of its class
 * @param area the object's area in pixels if it is known, else the area of its box
 * @param crowd whether the box holds many objects that were not annotated separately: detections in it are ignored
 */
public record GroundTruthObject(int label, Box box, double area, boolean crowd) {
    /** Takes a detection as the ground truth for another detector. */
    static GroundTruthObject of(Detection detection) {
        return new GroundTruthObject(
                detection.label(), detection.box(), detection.box().area(), false);
    }
}
