package org.vitrail.detection;

/**
 * An object found by a detector.
 *
 * @param label the number of its class
 * @param score 0 to 1
 */
public record Detection(int label, double score, Box box) {}
