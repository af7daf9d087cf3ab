package org.vitrail.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NuclearNormTest {
    @Test
    void ofADiagonalMatrixIsTheSumOfMagnitudes() {
        assertThat(LinearAlgebra.nuclearNorm(new float[] {3, 0, 0, 0, -4, 0}, 2, 3))
                .isCloseTo(7, within(1e-9));
        assertThat(LinearAlgebra.nuclearNorm(new float[] {3, 0, 0, -4, 0, 0}, 3, 2))
                .isCloseTo(7, within(1e-9));
    }

    @Test
    void ofARankOneMatrixIsTheProductOfTwoLengths() {
        float[] u = {1, 2, 2};
        float[] v = {2, 3, 6, 0};
        float[] a = new float[12];
        for (int i = 0; i < 12; i++) {
            a[i] = u[i / 4] * v[i % 4];
        }
        // Square roots of eigenvalues that are zero up to rounding stay below 1e-6 of the norm.
        assertThat(LinearAlgebra.nuclearNorm(a, 3, 4)).isCloseTo(3 * 7, within(1e-6));
    }

    @Test
    void ofARotationIsItsDimension() {
        float c = (float) Math.cos(0.3);
        float s = (float) Math.sin(0.3);
        assertThat(LinearAlgebra.nuclearNorm(new float[] {c, -s, s, c}, 2, 2)).isCloseTo(2, within(1e-6));
        // Softmax of zeros: every query attends equally to all keys, which gives one singular value of 1.
        float[] even = new float[25];
        Arrays.fill(even, 0.2f);
        assertThat(LinearAlgebra.nuclearNorm(even, 5, 5)).isCloseTo(1, within(1e-6));
    }

    @Test
    void isThatOfTheTransposedMatrix() {
        SplittableRandom random = new SplittableRandom(5);
        float[] a = new float[7 * 11];
        float[] transposed = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) random.nextGaussian();
            transposed[i % 11 * 7 + i / 11] = a[i];
        }
        assertThat(LinearAlgebra.nuclearNorm(a, 7, 11))
                .isCloseTo(LinearAlgebra.nuclearNorm(transposed, 11, 7), within(1e-9));
    }

    @Test
    void ofNothingIsZero() {
        assertThat(LinearAlgebra.nuclearNorm(new float[0], 0, 4)).isZero();
        assertThat(LinearAlgebra.nuclearNorm(new float[6], 2, 3)).isZero();
    }
}
