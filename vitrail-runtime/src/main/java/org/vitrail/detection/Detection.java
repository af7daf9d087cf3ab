package org.vitrail.detection;

/**
 * An object that a detector sees.
 *
 * @param label the number of its class
 * @param score 0 to 1
 */
public record Detection(int label, double score, Box box) {}
