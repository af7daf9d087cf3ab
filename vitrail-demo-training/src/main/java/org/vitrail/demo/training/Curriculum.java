package org.vitrail.demo.training;

import org.vitrail.image.DrawnImages;

/**
 * How varied the next pictures are: nothing but the classes differs at first, and whenever the model knows most of
 * what it sees, a little more does, until they are a little more varied than the demo's. Training on varied pictures
 * from the start had learned nothing after forty thousand of them.
 */
final class Curriculum {
    private static final double MASTERED = 0.8;
    private static final double INCREASE = 0.001;
    private static final double MOST = 1.2 * DrawnImages.DEFAULT_VARIETY;
    private static final double MEMORY_STEPS = 20;

    private double recentlyRight;
    private double variety;

    /** From 0 to 1, for {@link org.vitrail.image.DrawnImages}. */
    double variety() {
        return variety;
    }

    /** Takes note of the share of the last batch that was right. */
    void observe(double right) {
        recentlyRight += (right - recentlyRight) / MEMORY_STEPS;
    }

    /** Goes on where the model has done well lately. */
    void advance() {
        if (recentlyRight > MASTERED) {
            variety = Math.min(MOST, variety + INCREASE);
        }
    }
}
