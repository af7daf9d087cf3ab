package org.vitrail;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.vitrail.allocate.Allocation;
import org.vitrail.block.Recognition;
import org.vitrail.graph.Graph;
import org.vitrail.image.ImageSource;
import org.vitrail.image.PreprocessingJson;
import org.vitrail.image.TolerantReader;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.pipeline.Bits;
import org.vitrail.pipeline.Contender;
import org.vitrail.pipeline.Method;
import org.vitrail.pipeline.Planned;
import org.vitrail.pipeline.Quantization;
import org.vitrail.pipeline.QuantizationConfig;
import org.vitrail.report.AblationCell;
import org.vitrail.report.AblationReport;
import org.vitrail.report.JsonReport;
import org.vitrail.verify.Metrics;
import org.vitrail.work.Progress;

/**
 * The paper's two tables for any model: methods side by side at several widths, and the paper's method taken apart.
 *
 * <p>A cell is one contender at one width. It is written as soon as it is measured, under a hash of everything that its
 * figures depend on, so that a run that was interrupted goes on where it stopped; contenders with one configuration
 * share their cells. Contenders that differ in their bits alone share one observation of the model and one search at
 * each width.
 */
public final class Ablation {
    private final Comparison.Entry original;
    private final Settings settings;
    private final ImageSource calibration;
    private final FloatRun reference;
    private final String modelSha256;
    private final String imagesSha256;
    private final Map<String, AblationCell> cells = new LinkedHashMap<>();
    private Optional<Recognition> recognition = Optional.empty();

    /**
     * What is measured.
     *
     * @param contenders rows of the tables
     * @param widths of weights and activations
     * @param base what contenders do not decide: attention, the bits of the edges, threads, seed
     */
    public record Settings(List<Contender> contenders, List<Bits> widths, QuantizationConfig base) {
        public Settings {
            contenders = List.copyOf(contenders);
            widths = List.copyOf(widths);
        }
    }

    private Ablation(Comparison.Entry original, Settings settings, ImageSource calibration, FloatRun reference) {
        this.original = original;
        this.settings = settings;
        this.calibration = calibration;
        this.reference = reference;
        Model model = original.model();
        MessageDigest structure = Provenance.sha256();
        structure.update(OnnxFile.bytes(model.graph(), weight -> true));
        this.modelSha256 = sha256(HexFormat.of().formatHex(structure.digest()), Provenance.weightsSha256(model));
        this.imagesSha256 = sha256(digest(calibration), reference.sha256());
    }

    /**
     * Measures what is not yet in {@code folder}, and gives the tables.
     *
     * @param images to calibrate on: {@code count} of them, chosen by the seed of the settings
     * @param evaluation pictures that no choice was made on, labelled or not
     * @param folder where cells are kept; exists
     * @throws org.vitrail.tensor.VitrailException when the model cannot be quantized, no image can be read, or a cell
     *     cannot be written
     */
    public static AblationReport run(
            Comparison.Entry original,
            ImageSource images,
            int count,
            ImageSource evaluation,
            Settings settings,
            Path folder,
            Progress progress) {
        long seed = settings.base().capture().seed();
        ImageSource shuffled = images.shuffled(seed);
        TolerantReader reader = new TolerantReader(shuffled);
        ImageSource calibration = shuffled.select(reader.readable(count));
        FloatRun reference = FloatRun.of(
                original.model(), evaluation, settings.base().capture().threads(), progress);
        Ablation ablation = new Ablation(original, settings, calibration, reference);
        ablation.measure(folder, progress);
        List<String> broken = new ArrayList<>(reader.broken());
        broken.addAll(reference.broken());
        return new AblationReport(
                original.name(),
                ablation.modelSha256,
                Version.describe(),
                new AblationReport.Images(
                        calibration.size(), seed, reference.metrics().examples(), ablation.imagesSha256, broken),
                settings.base().attention() == QuantizationConfig.AttentionMode.QUANTIZED,
                settings.base().edgeBits().bits(),
                new AblationReport.Original(reference.metrics().top1Accuracy(), Comparison.bytes(original.file())),
                ablation.inOrder());
    }

    /** The cells as the tables have them: width by width, and there contender by contender. */
    private List<AblationCell> inOrder() {
        List<AblationCell> all = new ArrayList<>();
        for (Bits bits : settings.widths()) {
            for (Contender contender : settings.contenders()) {
                all.add(cells.get(key(contender, bits)).withRow(row(contender)));
            }
        }
        return all;
    }

    /** A cell that is not there yet. */
    private record Missing(Contender contender, Bits bits) {}

    /** Fills the cells: from the folder where they are there, else by measuring. */
    private void measure(Path folder, Progress progress) {
        Map<Method, List<Missing>> byMethod = new LinkedHashMap<>();
        Set<String> keys = new HashSet<>();
        for (Contender contender : settings.contenders()) {
            for (Bits bits : settings.widths()) {
                String key = key(contender, bits);
                JsonReport.read(file(folder, contender, bits), AblationCell.class)
                        .filter(cell -> cell.key().equals(key))
                        .ifPresent(cell -> cells.putIfAbsent(key, cell));
                if (!cells.containsKey(key) && keys.add(key)) {
                    byMethod.computeIfAbsent(config(contender, bits).method(), method -> new ArrayList<>())
                            .add(new Missing(contender, bits));
                }
            }
        }
        int done = 0;
        for (List<Missing> missing : byMethod.values()) {
            measure(
                    missing,
                    folder,
                    "cells " + (done + 1) + "-" + (done + missing.size()) + " of " + keys.size(),
                    progress);
            done += missing.size();
        }
    }

    /** Measures cells of one method: one observation of the model, and one search at each width, serve all of them. */
    private void measure(List<Missing> missing, Path folder, String which, Progress progress) {
        List<Planned> planned = Quantization.plan(
                recognition(),
                original.model().task().task(),
                original.model().inputs(calibration),
                missing.stream()
                        .map(cell -> config(cell.contender(), cell.bits()))
                        .toList(),
                (name, total) -> progress.begin(which + ": " + name, total));
        for (int i = 0; i < missing.size(); i++) {
            Contender contender = missing.get(i).contender();
            Bits bits = missing.get(i).bits();
            AblationCell cell = cell(
                    contender,
                    config(contender, bits),
                    planned.get(i),
                    (name, total) -> progress.begin(contender.label() + " " + bits + ": " + name, total));
            JsonReport.write(cell, file(folder, contender, bits));
            cells.put(cell.key(), cell);
        }
    }

    private AblationCell cell(Contender contender, QuantizationConfig config, Planned planned, Progress progress) {
        Graph graph = Quantization.export(recognition(), planned.plan());
        Model quantized =
                Vitrail.withMetadata(original.model(), graph, Provenance.of(original.model(), calibration, config));
        Metrics metrics = reference.compare(quantized, progress);
        double weightBits = planned.allocation().map(Allocation::averageBits).orElse((double)
                config.bits().weights().bits());
        return new AblationCell(
                key(contender, config.bits()),
                row(contender),
                config.bits().toString(),
                describe(config),
                metrics.examples(),
                metrics.top1Accuracy(),
                metrics.agreement().orElse(0),
                metrics.meanKlNats().orElse(0),
                OnnxFile.fileBytes(quantized.graph()),
                OnnxFile.canBeCompressed(quantized.graph())
                        ? OptionalLong.of(OnnxFile.compressedBytes(quantized.graph()))
                        : OptionalLong.empty(),
                Math.round(Comparison.bytes(original.file()) * weightBits / 32));
    }

    private Recognition recognition() {
        if (recognition.isEmpty()) {
            recognition = Optional.of(Quantization.recognise(
                    original.model().graph(), original.file().toString()));
        }
        return recognition.get();
    }

    /** A hash of all that a cell depends on; the number of threads is nothing of it. */
    private String key(Contender contender, Bits bits) {
        return sha256(
                Version.build(),
                modelSha256,
                imagesSha256,
                PreprocessingJson.write(original.model().preprocessing()),
                describe(config(contender, bits)));
    }

    private QuantizationConfig config(Contender contender, Bits bits) {
        return contender.configuration(settings.base().withBits(bits));
    }

    /** All settings but the number of threads, on which nothing depends. */
    private static String describe(QuantizationConfig config) {
        return config.withCapture(config.capture().withThreads(1)).toString();
    }

    private static AblationCell.Row row(Contender contender) {
        return new AblationCell.Row(
                contender.label(), contender.isMethod(), contender.components(), contender.bitsBy());
    }

    private static Path file(Path folder, Contender contender, Bits bits) {
        return folder.resolve(contender.label() + "-" + bits + ".json");
    }

    private static String digest(ImageSource images) {
        MessageDigest digest = Provenance.sha256();
        for (int i = 0; i < images.size(); i++) {
            digest.update(FloatRun.digest(images, i, images.image(i)));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String sha256(String... parts) {
        byte[] all = String.join("\n", parts).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(Provenance.sha256().digest(all));
    }
}
