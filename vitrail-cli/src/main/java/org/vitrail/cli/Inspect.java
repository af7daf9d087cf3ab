package org.vitrail.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.vitrail.Model;
import org.vitrail.block.Inspection;
import org.vitrail.block.Recognition;
import org.vitrail.canonical.ModelCheck;
import org.vitrail.checkpoint.CheckpointImport;
import org.vitrail.engine.Engines;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.model.TrialRun;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.pipeline.Quantization;
import org.vitrail.report.InspectionReport;
import org.vitrail.report.Units;
import org.vitrail.tensor.VitrailException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Implements {@code vitrail inspect}: lists the parts of a model, and the nodes that were not recognised. */
@Command(
        name = "inspect",
        description = "Shows what was recognised in a model, block by block, with parameters and multiply-adds.",
        footerHeading = "%nExamples:%n",
        footer = {"  vitrail inspect deit.onnx", "  vitrail inspect deit.onnx --all --json deit.json"})
final class Inspect implements Callable<Integer> {
    @Mixin
    private JsonOption json;

    @Parameters(paramLabel = "MODEL", description = ModelSource.DESCRIPTION)
    private ModelSource model;

    @Option(
            names = "--all",
            description = "Show every part of every block with its node's name, instead of merging equal blocks.")
    private boolean all;

    @Mixin
    private CommonOptions common;

    /** The content of the {@code --json} file. */
    private record Result(ModelFile file, boolean quantized, InspectionReport inspection) {}

    @Override
    public Integer call() {
        json.requireWritable();
        ModelSource.Located located = model.locate(common);
        Path path = located.path();
        Opened opened = Opened.of(path);
        Graph graph = opened.model.isPresent() ? opened.model.get().graph() : OnnxFile.read(path);
        ModelFile file = ModelFile.of(path, graph);
        Optional<Node> quantized = ModelCheck.quantized(graph);
        InspectionReport report = InspectionReport.of(
                Inspection.of(recognise(graph, quantized.isPresent(), located.label()), opened::sized));
        json.write(new Result(file, quantized.isPresent(), report));

        new PropertyList(common)
                .add("Model", located.label())
                .add("File", Units.bytes(file.bytes()) + ", opset " + file.opset())
                .add("Input", ModelFile.list(file.inputs()))
                .add("Output", ModelFile.list(file.outputs()))
                .add("Task", opened.fact(one -> one.task().describe()))
                .add("Preprocessing", opened.fact(ModelOptions::preprocessing))
                .add("Blocks", Integer.toString(report.blocks()))
                .add("Parameters", Units.count(report.parameters()))
                .add(
                        "Multiply-adds",
                        Units.count(report.multiplyAdds()) + " for one picture"
                                + opened.model
                                        .map(one -> " of " + one.inputSize())
                                        .orElse(""))
                .print();
        common.say("");
        common.say(all ? report.everyPart() : report.alikeTogether());
        common.say("");
        sayUnrecognised(report.unrecognised());
        quantized.ifPresent(node ->
                common.say("The model is quantized already: node " + node.label() + " is a " + node.op() + "."));
        return ExitCode.DONE;
    }

    /**
     * A model as it is opened to be used; models that cannot be are inspected too.
     *
     * @param reason why it cannot be opened
     */
    private record Opened(Optional<Model> model, String reason) {
        static Opened of(Path path) {
            try {
                return new Opened(Optional.of(Model.open(path)), "");
            } catch (VitrailException e) {
                if (CheckpointImport.recognises(path)) {
                    throw e;
                }
                return new Opened(Optional.empty(), e.getMessage());
            }
        }

        /** The graph with the input size that a run gives it. */
        Graph sized(Graph graph) {
            return model.map(one -> TrialRun.sized(graph, one.input(), one.inputSize()))
                    .orElse(graph);
        }

        String fact(Function<Model, String> fact) {
            return model.map(fact).orElse("none: " + reason);
        }
    }

    /** Finds the parts in the form of the graph that is quantized, so that their numbers are those of a quantization. */
    private static Recognition recognise(Graph graph, boolean isQuantized, String label) {
        return isQuantized
                ? Recognition.of(Quantization.prepared(graph, label, Engines.preferred()))
                : Quantization.recogniseParts(graph, label, Engines.preferred());
    }

    private void sayUnrecognised(List<InspectionReport.Loose> unrecognised) {
        if (unrecognised.isEmpty()) {
            common.say(common.paint().good("Everything that multiplies was recognised."));
            return;
        }
        common.say(common.paint()
                .warning(Units.plural(unrecognised.size(), "part was", "parts were")
                        + " not recognised and will stay float:"));
        unrecognised.forEach(
                loose -> common.say("  " + loose.node() + " (" + loose.operator() + "): it is " + loose.reason()));
    }
}
