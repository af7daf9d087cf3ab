package org.vitrail.ablation;

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
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.vitrail.Model;
import org.vitrail.allocate.Allocation;
import org.vitrail.block.Recognition;
import org.vitrail.engine.EngineProvider;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.export.Deployment;
import org.vitrail.graph.Graph;
import org.vitrail.image.ImageSource;
import org.vitrail.image.PreprocessingJson;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.pipeline.AttentionMode;
import org.vitrail.pipeline.Bits;
import org.vitrail.pipeline.Method;
import org.vitrail.pipeline.PlanningResult;
import org.vitrail.pipeline.PreparedModel;
import org.vitrail.pipeline.Quantization;
import org.vitrail.pipeline.QuantizationConfig;
import org.vitrail.quantize.Comparison;
import org.vitrail.quantize.Provenance;
import org.vitrail.quantize.Version;
import org.vitrail.quantize.Vitrail;
import org.vitrail.report.JsonReport;
import org.vitrail.report.Units;
import org.vitrail.tensor.VitrailException;
import org.vitrail.verify.ClassificationMetrics;
import org.vitrail.work.Progress;

/**
 * Measures the paper's two tables for any model: quantization methods compared at several widths, and the components of
 * the paper's method.
 *
 * <p>A cell is one variant at one width, calibrated on one draw of images; the variation between draws shows which
 * differences between methods are real. It is written as soon as it is measured, under a hash of everything that its
 * figures depend on, so that an interrupted run continues where it stopped; variants with the same configuration share
 * their cells. Variants that differ only in their bits share one observation of the model and one search at each width.
 */
public final class Ablation {
    private final Comparison.Entry original;
    private final Settings settings;
    private final List<CalibrationDraw> draws;
    private final FloatRun reference;
    private final EngineProvider engines;
    private final String modelSha256;
    private final Map<String, AblationCell> cells = new LinkedHashMap<>();
    private Optional<PreparedModel> prepared = Optional.empty();

    /**
     * The settings of an ablation.
     *
     * @param contenders the variants, rows of the tables
     * @param widths bit widths of weights and activations
     * @param base the settings that variants do not decide: attention, the bits of the edges, threads, seed
     * @param draws number of random choices of calibration images: those of the seed of {@code base} and of the next
     * seeds
     */
    public record Settings(List<AblationVariant> contenders, List<Bits> widths, QuantizationConfig base, int draws) {
        public Settings {
            contenders = List.copyOf(contenders);
            widths = List.copyOf(widths);
            if (draws < 1) {
                throw new IllegalArgumentException("draws: a number from 1 on, got " + draws);
            }
        }

        private List<Long> seeds() {
            return LongStream.iterate(base.capture().seed(), seed -> seed + 1)
                    .limit(draws)
                    .boxed()
                    .toList();
        }
    }

    /** The place of a cell in the tables. */
    private record Place(AblationVariant contender, Bits bits, CalibrationDraw draw) {
        Path file(Path folder) {
            return folder.resolve(contender.label() + "-" + bits + "-seed" + draw.seed() + ".json");
        }
    }

    /** One observation of the model, with the method that it serves. */
    private record Pass(CalibrationDraw draw, Method method) {}

    private Ablation(
            Comparison.Entry original,
            Settings settings,
            List<CalibrationDraw> draws,
            FloatRun reference,
            EngineProvider engines) {
        this.original = original;
        this.settings = settings;
        this.draws = List.copyOf(draws);
        this.reference = reference;
        this.engines = engines;
        Model model = original.model();
        MessageDigest structure = Provenance.sha256();
        structure.update(OnnxFile.bytes(model.graph(), weight -> true));
        this.modelSha256 =
                CalibrationDraw.sha256(HexFormat.of().formatHex(structure.digest()), Provenance.weightsSha256(model));
    }

    /**
     * Measures the cells that are not yet in {@code folder}, and returns the tables.
     *
     * @param images the images to calibrate on: {@code count} of them, chosen by each of the seeds of the settings
     * @param evaluation images that are never calibrated on, labelled or not
     * @param folder the existing folder where cells are kept
     * @throws VitrailException when the model cannot be quantized, no image can be read, there are
     *     too few for more than one choice, or a cell cannot be written
     */
    public static AblationReport run(
            Comparison.Entry original,
            ImageSource images,
            int count,
            ImageSource evaluation,
            Settings settings,
            Path folder,
            EngineProvider engines,
            Progress progress) {
        requireChoices(images, count, settings.draws());
        FloatRun reference =
                FloatRun.of(original.model(), evaluation, settings.base().context(engines, progress));
        List<CalibrationDraw> draws = settings.seeds().stream()
                .map(seed -> CalibrationDraw.of(seed, images, count, reference))
                .toList();
        Ablation ablation = new Ablation(original, settings, draws, reference, engines);
        ablation.measure(folder, progress);
        return new AblationReport(
                original.name(),
                ablation.modelSha256,
                Version.describe(),
                ablation.images(),
                settings.base().attention() == AttentionMode.QUANTIZED,
                settings.base().edgeBits().bits(),
                new AblationReport.Original(reference.metrics().top1Accuracy(), Comparison.bytes(original.file())),
                ablation.places()
                        .map(place -> ablation.cells.get(ablation.key(place)).withRow(row(place.contender)))
                        .toList());
    }

    /**
     * Checks that there are enough images for different draws, before any work.
     *
     * @throws VitrailException when all draws would be the same
     */
    public static void requireChoices(ImageSource images, int count, int draws) {
        if (draws > 1 && images.size() <= count) {
            throw new VitrailException(draws + " draws of " + Units.plural(count, "picture") + " need more than "
                    + count + " to choose from, got " + images.size());
        }
    }

    private AblationReport.Images images() {
        return new AblationReport.Images(
                draws.getFirst().calibration().size(),
                draws.stream()
                        .map(draw -> new AblationReport.Draw(draw.seed(), draw.imagesSha256()))
                        .toList(),
                reference.metrics().examples(),
                Stream.concat(draws.stream().map(CalibrationDraw::broken), Stream.of(reference.broken()))
                        .flatMap(List::stream)
                        .distinct()
                        .toList());
    }

    /** Returns all cells in the order of the tables: by width, variant and draw. */
    private Stream<Place> places() {
        return settings.widths().stream()
                .flatMap(bits -> settings.contenders().stream()
                        .flatMap(contender -> draws.stream().map(draw -> new Place(contender, bits, draw))));
    }

    /** Fills the cells, from the folder where they exist, else by measuring, one draw after the other. */
    private void measure(Path folder, Progress progress) {
        places().forEach(place -> JsonReport.read(place.file(folder), AblationCell.class)
                .filter(cell -> key(place).equals(cell.key()))
                .ifPresent(cell -> cells.putIfAbsent(cell.key(), cell)));
        Map<Pass, List<Place>> passes = new LinkedHashMap<>();
        Set<String> missing = new HashSet<>();
        for (CalibrationDraw draw : draws) {
            for (AblationVariant contender : settings.contenders()) {
                for (Bits bits : settings.widths()) {
                    Place place = new Place(contender, bits, draw);
                    String key = key(place);
                    if (!cells.containsKey(key) && missing.add(key)) {
                        passes.computeIfAbsent(new Pass(draw, config(place).method()), pass -> new ArrayList<>())
                                .add(place);
                    }
                }
            }
        }
        int done = 0;
        for (List<Place> places : passes.values()) {
            measure(
                    places,
                    folder,
                    "cells " + (done + 1) + "-" + (done + places.size()) + " of " + missing.size(),
                    progress);
            done += places.size();
        }
    }

    /** Measures the cells of one pass, which share one observation of the model and one search at each width. */
    private void measure(List<Place> places, Path folder, String which, Progress progress) {
        List<QuantizationConfig> configs = places.stream().map(this::config).toList();
        ExampleSource calibration =
                original.model().inputs(places.getFirst().draw.calibration());
        RunContext context =
                configs.getFirst().context(engines, (name, total) -> progress.begin(which + ": " + name, total));
        PreparedModel model = Quantization.transform(prepared(), calibration, configs.getFirst(), context);
        List<PlanningResult> planned =
                Quantization.plan(model, original.model().task().task(), calibration, configs, context);
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            AblationCell cell = cell(
                    place,
                    model.recognition(),
                    planned.get(i),
                    (name, total) -> progress.begin(place.contender.label() + " " + place.bits + ": " + name, total));
            JsonReport.write(cell, place.file(folder));
            cells.put(cell.key(), cell);
        }
    }

    private AblationCell cell(Place place, Recognition recognition, PlanningResult planned, Progress progress) {
        QuantizationConfig config = config(place);
        Graph graph = Deployment.of(recognition, planned.plan(), config.target());
        Model quantized = Vitrail.withMetadata(
                original.model(), graph, Provenance.of(original.model(), place.draw.calibration(), config));
        ClassificationMetrics metrics = reference.compare(quantized, config.context(engines, progress));
        double weightBits = planned.allocation().map(Allocation::averageBits).orElse((double)
                config.bits().weights().bits());
        return new AblationCell(
                key(place),
                row(place.contender),
                place.bits.toString(),
                place.draw.seed(),
                config.describe(),
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

    private PreparedModel prepared() {
        if (prepared.isEmpty()) {
            Graph opened = original.model().graph();
            prepared = Optional.of(new PreparedModel(
                    opened, Quantization.recognise(opened, original.file().toString(), engines)));
        }
        return prepared.get();
    }

    /** Returns a hash of everything that a cell depends on; the number of threads is not part of it. */
    private String key(Place place) {
        return CalibrationDraw.sha256(
                Version.build(),
                modelSha256,
                place.draw.imagesSha256(),
                PreprocessingJson.write(original.model().preprocessing()),
                config(place).describe());
    }

    private QuantizationConfig config(Place place) {
        QuantizationConfig base = settings.base().withBits(place.bits);
        return place.contender.configuration(base.withCapture(base.capture().withSeed(place.draw.seed())));
    }

    private static AblationCell.Row row(AblationVariant contender) {
        return new AblationCell.Row(
                contender.label(), contender.isMethod(), contender.components(), contender.bitsBy());
    }
}
