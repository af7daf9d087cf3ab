package org.vitrail.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.vitrail.Model;
import org.vitrail.checkpoint.ActivationFunction;
import org.vitrail.checkpoint.Architecture;
import org.vitrail.checkpoint.CheckpointFormat;
import org.vitrail.checkpoint.CheckpointImport;
import org.vitrail.checkpoint.ImportOptions;
import org.vitrail.checkpoint.ImportedModel;
import org.vitrail.checkpoint.NormPlacement;
import org.vitrail.checkpoint.PublishedArchitecture;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.report.Units;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Implements {@code vitrail import}: writes a checkpoint, or random weights of a published architecture, as ONNX. */
@Command(
        name = "import",
        description = "Turns a safetensors checkpoint of a vision transformer into an ONNX file.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  vitrail import deit_tiny/model.safetensors --output deit-tiny.onnx",
            "  vitrail import google--vit-base-patch16-224 --output vit-base.onnx",
            "  vitrail import hf:facebook/deit-tiny-patch16-224 --output deit-tiny.onnx",
            "  vitrail import hf:timm/deit_tiny_patch16_224.fb_in1k@main -o deit-tiny.onnx",
            "  vitrail import --random deit-small --output deit-small-random.onnx"
        })
final class Import implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private Source source;

    /** The source of the weights. */
    private static final class Source {
        @Parameters(
                paramLabel = "CHECKPOINT",
                description = "A .safetensors file, or a folder that holds one; config.json and"
                        + " preprocessor_config.json beside it are read too. Or hf:OWNER/NAME[@REVISION] of a model"
                        + " hub, which is downloaded.")
        private ModelSource checkpoint;

        @Option(
                names = "--random",
                paramLabel = "SHAPE",
                completionCandidates = Shapes.class,
                description =
                        "Random weights of a published shape, for trying size and speed: ${COMPLETION-CANDIDATES};"
                                + " with an image size behind it as in deit-base-384.")
        private String shape;
    }

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "OUT.onnx",
            description = "The file to write.")
    private Path output;

    @Option(
            names = "--seed",
            defaultValue = "0",
            paramLabel = "N",
            description = "Seed of random weights (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--heads", paramLabel = "N", description = "Attention heads, where the checkpoint does not say.")
    private Integer heads;

    @Option(names = "--epsilon", paramLabel = "X", description = "The epsilon that LayerNorm adds to the variance.")
    private Double epsilon;

    @Option(names = "--activation", paramLabel = "NAME", description = "One of: ${COMPLETION-CANDIDATES}.")
    private ActivationFunction activation;

    @Option(
            names = "--norm",
            paramLabel = "PLACE",
            description = "Position of the LayerNorms: ${COMPLETION-CANDIDATES} attention and MLP.")
    private NormPlacement norm;

    @Mixin
    private CommonOptions common;

    /** The names that {@code --random} accepts. */
    static final class Shapes implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(PublishedArchitecture.values())
                    .map(PublishedArchitecture::label)
                    .iterator();
        }
    }

    @Override
    public Integer call() {
        Outputs.requireWritable(output);
        PropertyList facts = new PropertyList(common);
        Model model = source.shape == null ? read(facts) : random(facts);
        OnnxFile.write(model.graph().withMetadata(model.metadata()), output);
        facts.add("Preprocessing", ModelOptions.preprocessing(model))
                .add("Written", output.toString())
                .print();
        return ExitCode.DONE;
    }

    private Model random(PropertyList facts) {
        ImportedModel imported = CheckpointImport.random(source.shape, PublishedArchitecture.parse(source.shape), seed);
        describe(facts, imported.model());
        return Model.of(CheckpointFormat.files(imported, Path.of(source.shape)));
    }

    private Model read(PropertyList facts) {
        ModelSource.Located located = source.checkpoint.locate(common);
        Outputs.requireDifferent(output, located.path());
        facts.add("Source", located.label());
        if (source.checkpoint.isOnHub() && !CheckpointImport.recognises(located.path())) {
            facts.add("Model", "the ONNX file that the hub has, with what its configuration says");
            return Model.open(located.path());
        }
        ImportedModel imported = CheckpointImport.read(located.path(), options());
        describe(facts, imported.model());
        return Model.of(CheckpointFormat.files(imported, located.path()));
    }

    private ImportOptions options() {
        ImportOptions options = ImportOptions.defaults();
        options = heads == null ? options : options.withHeads(heads);
        options = epsilon == null ? options : options.withEpsilon(epsilon);
        options = activation == null ? options : options.withActivation(activation);
        return norm == null ? options : options.withNorm(norm);
    }

    private static void describe(PropertyList facts, Architecture shape) {
        String output = shape.classifies()
                ? Units.plural(shape.classes(), "class", "classes")
                : "a vector of " + shape.classes();
        facts.add("Model", shape.describeBlocks() + ", " + output);
        facts.add(
                "Input",
                shape.imageSize() + "×" + shape.imageSize() + " in patches of " + shape.patchSize() + ", "
                        + shape.describeTokens());
        facts.add("Parameters", String.format(Locale.ROOT, "%,d", shape.parameterCount()));
    }
}
