package org.vitrail.engine;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.vitrail.tensor.Tensor;
import org.vitrail.work.Parallel;

/**
 * Runs examples through engines on several threads and hands the results on in the order of the
 * examples, so that sums of them do not depend on the number of threads. Every loop over images is run by it.
 *
 * <p>Memory is bounded: outputs live as long as their example is observed, and besides the result that is being consumed
 * there are at most as many results as threads.
 */
public final class ImageRunner {
    private final int threads;

    ImageRunner(int threads) {
        this.threads = threads;
    }

    /**
     * One example that was run.
     *
     * @param example its index
     * @param inputs what the engines were fed, by name
     * @param outputs of each engine, in their order, by name
     */
    public record ExampleRun(int example, Map<String, Tensor> inputs, List<Map<String, Tensor>> outputs) {}

    /**
     * Runs all engines on every example.
     *
     * @param engines that take the same inputs; not closed here
     * @param observer reduces an example to what is kept of it; called from several threads
     * @param consumer is given what was kept of each example, in their order, on the calling thread
     */
    public <T> void run(
            List<Engine> engines,
            ExampleSource examples,
            Function<ExampleRun, T> observer,
            Consumer<? super T> consumer) {
        forEach(
                examples.size(),
                example -> {
                    Map<String, Tensor> inputs = examples.get(example);
                    return observer.apply(new ExampleRun(
                            example,
                            inputs,
                            engines.stream().map(engine -> engine.run(inputs)).toList()));
                },
                consumer);
    }

    /**
     * Runs a task for each example: for examples that are not fed to engines as they are.
     *
     * @param task gives what is kept of an example; called from several threads
     * @param consumer is given what was kept of each example, in their order, on the calling thread
     */
    public <T> void forEach(int examples, IntFunction<T> task, Consumer<? super T> consumer) {
        Parallel.forEach(examples, threads, task, consumer);
    }
}
