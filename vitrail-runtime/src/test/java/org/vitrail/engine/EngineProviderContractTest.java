package org.vitrail.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.vitrail.graph.Graph;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Fixture;

/**
 * States what every {@link EngineProvider} keeps, on a small vision transformer. The test of a provider extends it and
 * gives the provider.
 */
@Tag("shared")
public abstract class EngineProviderContractTest {
    private static final EngineOptions OPTIONS = EngineOptions.defaults();
    private static final int THREADS = 8;

    private EngineProvider provider;
    private Fixture fixture;
    private Graph graph;

    /** The provider under test. */
    protected abstract EngineProvider provider();

    @BeforeEach
    void readModel() {
        provider = provider();
        fixture = Fixture.small().stream()
                .filter(one -> one.name().equals("timm-vit/torchscript.onnx"))
                .findFirst()
                .orElseThrow();
        graph = OnnxFile.read(fixture.model());
    }

    private Map<String, Tensor> inputs() {
        return Map.of(graph.inputNames().getFirst(), fixture.input());
    }

    private String output() {
        return graph.outputNames().getFirst();
    }

    private float[] run(Engine engine) {
        return engine.run(inputs()).get(output()).values();
    }

    @Test
    void isFoundByItsNameAndSaysItsVersion() {
        assertThat(Engines.all()).extracting(EngineProvider::name).contains(provider.name());
        assertThat(Engines.named(provider.name())).hasSameClassAs(provider);
        assertThat(provider.name()).matches("[a-z0-9-]+");
        assertThat(provider.version()).isNotBlank();
    }

    @Test
    void computesWhatTheModelIsKnownToGive() {
        assertThat(provider.refusal(graph)).isEmpty();
        try (Engine engine = provider.open(graph, OPTIONS)) {
            assertThat(engine.inputs()).isEqualTo(graph.inputNames());
            assertThat(engine.outputs()).isEqualTo(graph.outputNames());
            Map<String, Tensor> outputs = engine.run(inputs());
            assertThat(outputs).containsOnlyKeys(graph.outputNames());
            Tensor expected = fixture.outputs().getFirst();
            assertThat(outputs.get(output()).shape()).isEqualTo(expected.shape());
            assertThat(outputs.get(output()).values())
                    .usingElementComparator((a, b) -> Math.abs(a - b) <= 1e-4f ? 0 : Float.compare(a, b))
                    .containsExactly(expected.values());
        }
    }

    @Test
    void opensAFileAsTheGraphInIt() {
        try (Engine ofGraph = provider.open(graph, OPTIONS);
                Engine ofFile = provider.open(fixture.model(), OPTIONS)) {
            assertThat(run(ofFile)).containsExactly(run(ofGraph));
        }
    }

    @Test
    void returnsTheValuesThatAreAskedForInTheirOrder() {
        String hidden = graph.nodes().get(graph.nodes().size() / 2).output();
        List<String> values = List.of(output(), hidden);
        try (Engine engine = provider.open(graph, OPTIONS.withOutputs(values))) {
            assertThat(engine.outputs()).isEqualTo(values);
            assertThat(List.copyOf(engine.run(inputs()).keySet())).isEqualTo(values);
        }
    }

    @Test
    void refusesValuesAndInputsThatTheModelDoesNotHaveInOneSentence() {
        assertRefused(
                () -> provider.open(graph, OPTIONS.withOutputs(List.of("ghost")))
                        .close(),
                "ghost");
        try (Engine engine = provider.open(graph, OPTIONS)) {
            String input = engine.inputs().getFirst();
            assertRefused(() -> engine.run(Map.of()), input);
            assertRefused(() -> engine.run(Map.of(input, fixture.input(), "ghost", fixture.input())), "ghost");
            Tensor vector = Tensor.of(new int[] {3}, new float[3]);
            assertRefused(() -> engine.run(Map.of(input, vector)), "");
        }
    }

    private static void assertRefused(Runnable run, String named) {
        assertThatThrownBy(run::run)
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining(named)
                .hasMessageNotContaining("\n");
    }

    @Test
    void givesEveryThreadTheSameBits() throws Exception {
        try (Engine engine = provider.open(graph, OPTIONS);
                ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
            float[] alone = run(engine);
            List<Future<float[]>> results = new ArrayList<>();
            for (int i = 0; i < 4 * THREADS; i++) {
                results.add(pool.submit(() -> run(engine)));
            }
            for (Future<float[]> result : results) {
                assertThat(result.get()).containsExactly(alone);
            }
        }
    }

    @Test
    void closesAfterTheRunsUnderWayAndRefusesLaterOnes() throws Exception {
        Engine engine = provider.open(graph, OPTIONS);
        float[] expected = run(engine);
        CountDownLatch running = new CountDownLatch(THREADS);
        try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Integer>> workers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                workers.add(pool.submit(() -> runUntilClosed(engine, expected, running)));
            }
            running.await();
            engine.close();
            for (Future<Integer> worker : workers) {
                assertThat(worker.get()).isPositive();
            }
        }
        assertThatThrownBy(() -> engine.run(inputs()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> engine.runRaw(Map.of())).isInstanceOf(RuntimeException.class);
        assertThatCode(engine::close).doesNotThrowAnyException();
    }

    /** The number of runs that gave the expected result before the engine refused one. */
    private int runUntilClosed(Engine engine, float[] expected, CountDownLatch running) {
        int runs = 0;
        while (true) {
            try {
                assertThat(run(engine)).containsExactly(expected);
            } catch (IllegalStateException closed) {
                assertThat(closed).hasMessageContaining("closed");
                return runs;
            }
            if (++runs == 1) {
                running.countDown();
            }
        }
    }

    @Test
    void itsExactFormGivesTheSameEachTime() {
        assumeThat(provider.hasExactForm()).isTrue();
        EngineOptions exactly = OPTIONS.withExactInt8(true);
        try (Engine one = provider.open(graph, exactly);
                Engine other = provider.open(graph, exactly)) {
            assertThat(run(one)).containsExactly(run(other));
        }
    }
}
