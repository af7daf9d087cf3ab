package org.vitrail.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Graphs;
import org.vitrail.testing.TestEngines;

class ImageRunnerTest {
    private static final Graph NEGATED = Graphs.of(17, Node.of("Neg", List.of("x"), "y"));
    private static final Graph ABSOLUTE = Graphs.of(17, Node.of("Abs", List.of("x"), "y"));

    /** Example i is the number −i. */
    private static ExampleSource examples(int size) {
        return new ExampleSource() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public Map<String, Tensor> get(int index) {
                return Map.of("x", Tensor.of(new int[] {1}, new float[] {-index}));
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64})
    void handsOnTheOutputsOfAllEnginesInTheOrderOfTheExamples(int threads) {
        RunContext context = TestEngines.context(threads);
        List<String> seen = new ArrayList<>();
        try (Engine negated = context.open(NEGATED);
                Engine absolute = context.open(ABSOLUTE)) {
            context.runner()
                    .run(
                            List.of(negated, absolute),
                            examples(20).slice(4, 20),
                            run -> run.example() + ": " + value(run.inputs(), "x") + " "
                                    + value(run.outputs().get(0), "y") + " "
                                    + value(run.outputs().get(1), "y"),
                            seen::add);
        }
        assertThat(seen)
                .isEqualTo(IntStream.range(0, 16)
                        .mapToObj(i -> i + ": " + -(i + 4) + " " + (i + 4) + " " + (i + 4))
                        .toList());
    }

    private static int value(Map<String, Tensor> values, String name) {
        return (int) values.get(name).values()[0];
    }

    @Test
    void computesNoMoreResultsAheadThanThereAreThreads() {
        int threads = 3;
        AtomicInteger begun = new AtomicInteger();
        List<Integer> ahead = new ArrayList<>();
        TestEngines.context(threads)
                .runner()
                .forEach(100, example -> begun.incrementAndGet(), result -> ahead.add(begun.get() - ahead.size()));
        assertThat(ahead).hasSize(100).allMatch(count -> count <= threads + 1);
    }

    @Test
    void throwsTheFirstFailureAsItWas() {
        ImageRunner runner = TestEngines.context(4).runner();
        List<Integer> seen = new ArrayList<>();
        assertThatThrownBy(() -> runner.forEach(50, ImageRunnerTest::failFrom7On, seen::add))
                .isInstanceOf(VitrailException.class)
                .hasMessage("picture 7 is broken");
        assertThat(seen).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThatThrownBy(() -> runner.forEach(50, example -> example, example -> {
                    throw new IllegalStateException("not wanted");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("not wanted");
    }

    private static int failFrom7On(int example) {
        if (example >= 7) {
            throw new VitrailException("picture " + example + " is broken");
        }
        return example;
    }
}
