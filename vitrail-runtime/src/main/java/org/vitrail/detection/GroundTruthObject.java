package org.vitrail.detection;

/**
 * An object that is in a picture.
 *
 * @param label the number of its class
 * @param area of the object itself where it is known, else of its box; pixels
 * @param crowd whether the box holds many objects that nobody told apart: detections in it count neither for nor against
 */
public record GroundTruthObject(int label, Box box, double area, boolean crowd) {
    /** What one detector sees, taken for the truth about another. */
    static GroundTruthObject of(Detection detection) {
        return new GroundTruthObject(
                detection.label(), detection.box(), detection.box().area(), false);
    }
}
