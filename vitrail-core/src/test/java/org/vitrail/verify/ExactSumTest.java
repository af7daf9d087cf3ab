package org.vitrail.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactSumTest {
    private static ExactSum of(List<Double> terms) {
        ExactSum sum = new ExactSum();
        terms.forEach(sum::add);
        return sum;
    }

    @Test
    void keepsSmallTermsBesideLargeOnes() {
        assertThat(of(List.of(1e300, 1.0, -1e300, Double.MIN_VALUE, -1.0)).value())
                .isEqualTo(Double.MIN_VALUE);
        assertThat(of(List.of(0.1, 0.2, 0.3)).value()).isEqualTo(0.6);
        assertThat(new ExactSum().value()).isZero();
    }

    @Test
    void isTheSameForAnyOrderAndAnySplit() {
        Random random = new Random(1);
        List<Double> terms = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            terms.add(random.nextGaussian() * Math.pow(10, random.nextInt(-30, 30)));
        }
        double expected = of(terms).value();
        for (int round = 0; round < 50; round++) {
            Collections.shuffle(terms, random);
            int cut = random.nextInt(500);
            ExactSum sum = of(terms.subList(cut, 500));
            sum.add(of(terms.subList(0, cut)));
            assertThat(sum.value()).isEqualTo(expected);
        }
    }

    @Test
    void passesOnInfiniteTermsAndNaN() {
        assertThat(of(List.of(1.0, Double.POSITIVE_INFINITY, 2.0)).value()).isInfinite();
        assertThat(of(List.of(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY))
                        .value())
                .isNaN();
        assertThat(of(List.of(Double.NaN, 1.0)).value()).isNaN();
    }
}
