package org.vitrail.verify;

import java.util.List;
import java.util.stream.IntStream;
import org.vitrail.work.Progress;

/**
 * Measures the latency of several models in turn: a round runs every model a few times, every other round in reverse
 * order, so that other load on the machine slows all of them equally. Times of different machines, or of different
 * hours on a shared one, are not comparable; ratios within a round are.
 */
public final class LatencyMeasurement {
    /** Milliseconds by model, round and run. */
    private final double[][][] millis;

    private LatencyMeasurement(double[][][] millis) {
        this.millis = millis;
    }

    /**
     * The number of runs to measure.
     *
     * @param warmUp runs of each model before the first round
     * @param rounds rounds in which each model is run
     * @param runs runs of each model in a round
     */
    public record Settings(int warmUp, int rounds, int runs) {
        public Settings {
            if (warmUp < 0 || rounds < 1 || runs < 1) {
                throw new IllegalArgumentException(
                        "expected at least one round of one run and no negative warm-up, got " + rounds + " rounds of "
                                + runs + " runs after " + warmUp);
            }
        }

        /** Returns 20 rounds of 5 runs after 5 warm-up runs. */
        public static Settings defaults() {
            return new Settings(5, 20, 5);
        }

        public Settings withRounds(int newRounds) {
            return new Settings(warmUp, newRounds, runs);
        }
    }

    /** Measures models that are ready to run; each {@code Runnable} is one run, with batch size one for latency. */
    public static LatencyMeasurement measure(List<? extends Runnable> models, Settings settings, Progress progress) {
        double[][][] millis = new double[models.size()][settings.rounds()][settings.runs()];
        try (Progress.Stage stage = progress.begin("measuring speed", settings.rounds())) {
            models.forEach(model -> time(model, settings.warmUp()));
            for (int round = 0; round < settings.rounds(); round++) {
                for (int i = 0; i < models.size(); i++) {
                    int model = round % 2 == 0 ? i : models.size() - 1 - i;
                    millis[model][round] = time(models.get(model), settings.runs());
                }
                stage.step();
            }
        }
        return new LatencyMeasurement(millis);
    }

    private static double[] time(Runnable model, int runs) {
        double[] millis = new double[runs];
        for (int run = 0; run < runs; run++) {
            long start = System.nanoTime();
            model.run();
            millis[run] = (System.nanoTime() - start) / 1e6;
        }
        return millis;
    }

    /** Returns the latency of one of the models, by its index in the list. */
    public Latency latency(int model) {
        return Latency.of(millis[model]);
    }

    /** Returns the speedup of {@code model} over {@code reference}: the ratio of the medians in each round. */
    public FiveNumberSummary speedup(int model, int reference) {
        return FiveNumberSummary.of(IntStream.range(0, millis[model].length)
                .mapToDouble(
                        round -> FiveNumberSummary.of(millis[reference][round]).median()
                                / FiveNumberSummary.of(millis[model][round]).median())
                .toArray());
    }
}
