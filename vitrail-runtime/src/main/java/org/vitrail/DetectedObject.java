package org.vitrail;

import org.vitrail.detection.Box;

/**
 * An object that a detector sees in a picture.
 *
 * @param label the number of its class
 * @param name its class's name, or "class 7" where the model names none
 * @param score 0 to 1
 * @param box in the picture's pixels
 */
public record DetectedObject(int label, String name, double score, Box box) {}
