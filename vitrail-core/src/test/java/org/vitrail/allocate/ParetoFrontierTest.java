package org.vitrail.allocate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.allocate.ParetoFrontier.Point;

class ParetoFrontierTest {
    /** A random problem: rows are modules, columns widths. */
    private record Problem(long[][] sizes, double[][] costs) {
        static Problem random(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            int modules = random.nextInt(1, 7);
            long[][] sizes = new long[modules][];
            double[][] costs = new double[modules][];
            for (int i = 0; i < modules; i++) {
                int widths = random.nextInt(1, 6);
                // Few different sizes and costs give ties.
                int most = random.nextBoolean() ? 5 : 1000;
                sizes[i] = random.longs(widths, 0, most).toArray();
                costs[i] = IntStream.range(0, widths)
                        .mapToDouble(w -> random.nextInt(most))
                        .toArray();
            }
            return new Problem(sizes, costs);
        }

        int choices() {
            int choices = 1;
            for (long[] row : sizes) {
                choices *= row.length;
            }
            return choices;
        }

        /** Returns size and cost of the choice with this number. */
        double[] choice(int number) {
            double size = 0;
            double cost = 0;
            int rest = number;
            for (int i = 0; i < sizes.length; i++) {
                size += sizes[i][rest % sizes[i].length];
                cost += costs[i][rest % sizes[i].length];
                rest /= sizes[i].length;
            }
            return new double[] {size, cost};
        }

        OptionalDouble leastCostWithin(double size) {
            return IntStream.range(0, choices())
                    .mapToObj(this::choice)
                    .filter(choice -> choice[0] <= size)
                    .mapToDouble(choice -> choice[1])
                    .min();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void findsTheOptimumThatTryingAllChoicesFindsAtEveryBudget(long seed) {
        Problem problem = Problem.random(seed);
        ParetoFrontier frontier = ParetoFrontier.of(problem.sizes(), problem.costs());
        for (int number = 0; number < problem.choices(); number++) {
            for (double off : new double[] {-1, 0, 1}) {
                double budget = problem.choice(number)[0] + off;
                OptionalDouble expected = problem.leastCostWithin(budget);
                if (expected.isEmpty()) {
                    assertThat(frontier.within((long) budget)).isEmpty();
                } else {
                    assertThat(frontier.within((long) budget).orElseThrow().sensitivity())
                            .isCloseTo(expected.getAsDouble(), within(1e-9));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void pointsAreTheChoicesTheySay(long seed) {
        Problem problem = Problem.random(seed);
        for (Point point : ParetoFrontier.of(problem.sizes(), problem.costs()).points()) {
            long size = 0;
            double cost = 0;
            for (int i = 0; i < problem.sizes().length; i++) {
                size += problem.sizes()[i][point.choice().get(i)];
                cost += problem.costs()[i][point.choice().get(i)];
            }
            assertThat(size).isEqualTo(point.size());
            assertThat(cost).isCloseTo(point.sensitivity(), within(1e-9));
        }
    }

    @Test
    void sizesGrowAndSensitivitiesShrinkOverAModelOfTwentyFourModules() {
        SplittableRandom random = new SplittableRandom(3);
        long[][] sizes = new long[24][5];
        double[][] costs = new double[24][5];
        for (int i = 0; i < 24; i++) {
            double weight = random.nextDouble();
            for (int b = 0; b < 5; b++) {
                sizes[i][b] = random.nextLong(100_000) + 1_000_000L * (b + 4);
                costs[i][b] = weight * Math.pow(4, -b) * random.nextDouble(0.8, 1.2);
            }
        }
        List<Point> points = ParetoFrontier.of(sizes, costs).points();
        assertThat(points).hasSizeGreaterThan(100);
        for (int i = 1; i < points.size(); i++) {
            assertThat(points.get(i).size()).isGreaterThan(points.get(i - 1).size());
            assertThat(points.get(i).sensitivity()).isLessThan(points.get(i - 1).sensitivity());
        }
    }

    @Test
    void refusesCostsThatAreNoNumbers() {
        assertThatThrownBy(() -> ParetoFrontier.of(new long[][] {{1}}, new double[][] {{Double.NaN}}))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> ParetoFrontier.of(new long[0][], new double[0][]))
                .hasMessageContaining("0 and 0");
    }
}
