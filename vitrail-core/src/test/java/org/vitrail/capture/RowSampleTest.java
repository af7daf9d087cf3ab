package org.vitrail.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowSampleTest {
    /** Rows of two channels, the first of which is the row's number. */
    private static RowSample rows(float[] weights, int... exampleEnds) {
        float[] values = new float[2 * weights.length];
        for (int row = 0; row < weights.length; row++) {
            values[2 * row] = row;
            values[2 * row + 1] = -row;
        }
        return new RowSample(2, values, weights, exampleEnds);
    }

    @Test
    void thinningKeepsTheShareAndTheWeightOfEachExample() {
        RowSample thinned =
                rows(new float[] {3, 1, 1, 1, 2, 2, 2, 2, 5}, 4, 8, 9).thinned(5);
        assertThat(thinned.values()).containsExactly(0, 0, 2, -2, 4, -4, 6, -6, 8, -8);
        assertThat(thinned.weights()).containsExactly(4.5f, 1.5f, 4, 4, 5);
        assertThat(thinned.exampleEnds()).containsExactly(2, 4, 5);
    }

    @Test
    void thinningKeepsARowOfEachExampleAtLeast() {
        RowSample thinned = rows(new float[] {1, 1, 1, 1, 1}, 2, 2, 4, 5).thinned(1);
        assertThat(thinned.values()).containsExactly(0, 0, 2, -2, 4, -4);
        assertThat(thinned.weights()).containsExactly(2, 2, 1);
        assertThat(thinned.exampleEnds()).containsExactly(1, 1, 2, 3);
    }

    @Test
    void aSampleThatIsSmallEnoughStays() {
        RowSample sample = rows(new float[] {1, 1}, 1, 2);
        assertThat(sample.thinned(2)).isSameAs(sample);
    }
}
