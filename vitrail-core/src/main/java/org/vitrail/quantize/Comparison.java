package org.vitrail.quantize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.vitrail.Model;
import org.vitrail.RunningModel;
import org.vitrail.checkpoint.CheckpointImport;
import org.vitrail.detection.CocoAnnotations;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.engine.EngineProvider;
import org.vitrail.engine.RunContext;
import org.vitrail.image.ImageSource;
import org.vitrail.image.SyntheticImages;
import org.vitrail.image.TolerantReader;
import org.vitrail.report.ComparisonReport;
import org.vitrail.report.ModelMeasurements;
import org.vitrail.task.Task;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.verify.CpuInfo;
import org.vitrail.verify.Evaluation;
import org.vitrail.verify.LatencyMeasurement;
import org.vitrail.verify.PeakMemory;
import org.vitrail.work.Progress;

/**
 * Measures models side by side: accuracy on the same images, latency in interleaved rounds, size and memory. The first
 * model is the reference.
 */
public final class Comparison {
    private Comparison() {}

    /** A model and its file. */
    public record Entry(String name, Path file, Model model) {}

    /**
     * Settings of latency and memory measurements.
     *
     * @param latencyThreads threads that work on one picture where latency and memory are measured
     */
    public record Settings(int latencyThreads, LatencyMeasurement.Settings speed) {
        /** Default settings: one thread. */
        public static Settings defaults() {
            return new Settings(1, LatencyMeasurement.Settings.defaults());
        }

        public Settings withLatencyThreads(int newLatencyThreads) {
            return new Settings(newLatencyThreads, speed);
        }

        public Settings withSpeed(LatencyMeasurement.Settings newSpeed) {
            return new Settings(latencyThreads, newSpeed);
        }
    }

    /**
     * Runs every model on every image, then measures latency in interleaved rounds and the memory of each.
     *
     * @param images none to measure only speed and memory
     * @throws org.vitrail.tensor.VitrailException when no image can be read, or models have different classes
     */
    public static ComparisonReport run(
            List<Entry> entries, Optional<ImageSource> images, Settings settings, RunContext context) {
        return run(entries, images, Optional.empty(), settings, context);
    }

    /**
     * Runs the comparison on annotated images, as {@link #run(List, Optional, Settings, RunContext)}.
     *
     * @param annotations list all of the images; only for detectors
     */
    public static ComparisonReport run(
            List<Entry> entries,
            Optional<ImageSource> images,
            Optional<CocoAnnotations> annotations,
            Settings settings,
            RunContext context) {
        GroundTruthLookup truths = GroundTruthLookup.of(entries.getFirst().model(), annotations);
        TolerantReader reader = new TolerantReader(images.orElseGet(() -> SyntheticImages.of(1, 0)));
        long start = System.nanoTime();
        List<Evaluation> evaluations = images.map(source -> evaluate(entries, source, reader, truths, context))
                .orElse(List.of());
        double seconds = (System.nanoTime() - start) / 1e9;
        LatencyMeasurement speed = speed(entries, settings, context);
        List<ModelMeasurements> figures = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            figures.add(new ModelMeasurements(
                    entries.get(i).name(),
                    bytes(entries.get(i).file()),
                    evaluations.stream().skip(i).map(Evaluation::metrics).findFirst(),
                    evaluations.stream()
                            .skip(i)
                            .limit(1)
                            .flatMap(one -> one.outputErrors().stream())
                            .toList(),
                    speed.latency(i),
                    speed.speedup(i, 0),
                    peakBytes(entries.get(i).file(), context.engines(), settings.latencyThreads())));
        }
        double perSecond = evaluations.isEmpty()
                ? Double.NaN
                : evaluations.getFirst().metrics().examples() / seconds;
        return new ComparisonReport(
                entries.getFirst().model().task().task().kind().label(),
                figures,
                reader.broken(),
                perSecond,
                context.threads(),
                settings.latencyThreads(),
                CpuInfo.detect());
    }

    /** Runs all models over the images in one pass. Each image is decoded once. */
    private static List<Evaluation> evaluate(
            List<Entry> entries,
            ImageSource images,
            TolerantReader reader,
            GroundTruthLookup truths,
            RunContext context) {
        List<RunningModel> running = new ArrayList<>();
        List<Task> tasks =
                entries.stream().map(entry -> entry.model().task().task()).toList();
        try (Progress.Stage stage = context.progress().begin("evaluating", images.size())) {
            entries.forEach(entry -> running.add(entry.model().start(EngineOptions.defaults(), context.engines())));
            return Evaluation.run(tasks, images.size(), context, i -> {
                Optional<Evaluation.Example> example = reader.read(i)
                        .map(image -> new Evaluation.Example(
                                running.stream().map(model -> model.run(image)).toList(), truths.of(images, i)));
                stage.step();
                return example;
            });
        } finally {
            running.forEach(RunningModel::close);
        }
    }

    private static LatencyMeasurement speed(List<Entry> entries, Settings settings, RunContext context) {
        EngineOptions options = EngineOptions.defaults().withThreads(settings.latencyThreads());
        List<Engine> engines = new ArrayList<>();
        try {
            List<Runnable> runs = new ArrayList<>();
            for (Entry entry : entries) {
                Engine engine = context.engines().open(entry.model().graph(), options);
                engines.add(engine);
                Map<String, Tensor> picture =
                        entry.model().inputs(SyntheticImages.of(1, 0)).get(0);
                runs.add(() -> engine.run(picture));
            }
            return LatencyMeasurement.measure(runs, settings.speed(), context.progress());
        } finally {
            engines.forEach(Engine::close);
        }
    }

    /** Returns the bytes of a model's file and its external data file, or of the checkpoint in a folder. */
    public static long bytes(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        try (Stream<Path> files = Files.isDirectory(file)
                ? Files.list(file).filter(part -> part.toString().endsWith(".safetensors"))
                : Stream.of(file, folder.resolve(file.getFileName() + ".data"))) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(part -> part.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new VitrailException(file + " cannot be read: " + InputFile.reason(e), e);
        }
    }

    private static OptionalLong peakBytes(Path file, EngineProvider engines, int threads) {
        return CheckpointImport.recognises(file) ? OptionalLong.empty() : PeakMemory.peakBytes(file, engines, threads);
    }
}
