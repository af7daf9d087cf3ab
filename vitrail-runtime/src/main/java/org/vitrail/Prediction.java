package org.vitrail;

/**
 * A class that a picture may show.
 *
 * @param label the class's number
 * @param name its name, or "class 7" where the model names none
 * @param probability 0 to 1
 */
public record Prediction(int label, String name, double probability) {}
