package org.vitrail.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.vitrail.Classifier;
import org.vitrail.DetectedObject;
import org.vitrail.Detector;
import org.vitrail.Model;
import org.vitrail.Prediction;
import org.vitrail.detection.BoxDrawing;
import org.vitrail.image.ImageDecoder;
import org.vitrail.image.RgbImage;
import org.vitrail.report.TextTable;
import org.vitrail.report.TextTable.Column;
import org.vitrail.report.Units;
import org.vitrail.task.Task;
import org.vitrail.tensor.VitrailException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Implements {@code vitrail predict}: prints the predictions for images. */
@Command(
        name = "predict",
        description =
                "Predicts the classes of pictures, most probable first, or with a detector their objects and boxes.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  vitrail predict deit-int8.onnx cat.jpg dog.png",
            "  vitrail predict deit.onnx cat.jpg --classes imagenet-classes.txt --top 3",
            "  vitrail predict detr.onnx street.jpg --threshold 0.7 --output boxes.png"
        })
final class Predict implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL", description = ModelSource.DESCRIPTION)
    private ModelSource model;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "JPEG, PNG, WebP or BMP files.")
    private List<Path> images;

    @Option(
            names = "--top",
            defaultValue = "5",
            paramLabel = "N",
            description = "Number of classes to list (default: ${DEFAULT-VALUE}).")
    private int top;

    @Option(
            names = "--threshold",
            defaultValue = "0.5",
            paramLabel = "X",
            description = "Smallest score of the objects to list (default: ${DEFAULT-VALUE}).")
    private double threshold;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT.png",
            description = "Draw the boxes of objects on the picture; a folder for several pictures.")
    private Path output;

    @Mixin
    private EngineOption engine;

    @Mixin
    private JsonOption json;

    @Mixin
    private ModelOptions options;

    @Mixin
    private CommonOptions common;

    /** One image in the {@code --json} file: classes, or for a detector objects. */
    private record Result(String image, List<?> predictions) {}

    @Override
    public Integer call() {
        json.requireWritable();
        ThreadsOption.requirePositive("--top", top);
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new VitrailException("--threshold takes a score from 0 to 1, got " + threshold);
        }
        Model opened = options.open(model.locate(common).path());
        List<Result> results = switch (opened.task().task()) {
            case Task.Classification classification -> classify(opened);
            case Task.ObjectDetection detection -> detect(opened);
            case Task.DetectionList detection -> detect(opened);
            case Task.Embedding embedding -> throw unpredictable(opened);
            case Task.Dense dense -> throw unpredictable(opened);
            case Task.ClassMap map -> throw unpredictable(opened);
            case Task.ValueMap map -> throw unpredictable(opened);
            case Task.Masks masks -> throw unpredictable(opened);
            case Task.Other other -> throw unpredictable(opened);
        };
        if (results.isEmpty()) {
            throw new VitrailException("none of the " + images.size() + " pictures can be read");
        }
        json.write(results);
        return ExitCode.DONE;
    }

    private static VitrailException unpredictable(Model model) {
        return new VitrailException("predict names classes and objects, but the model is made for "
                + model.task().describe() + ": say --task if that is wrong, or compare it with another model");
    }

    private List<Result> classify(Model opened) {
        if (output != null) {
            throw new VitrailException("--output is for detectors, which draw boxes: a classifier has nothing to draw");
        }
        try (Classifier classifier = Classifier.of(opened, 1, engine.provider(opened.graph()))) {
            return each(image -> {
                List<Prediction> predictions =
                        classifier.classify(image).stream().limit(top).toList();
                say(image, predictions);
                return predictions;
            });
        }
    }

    private List<Result> detect(Model opened) {
        if (output != null && !Files.isDirectory(output)) {
            Outputs.requireWritable(output);
            images.forEach(image -> Outputs.requireDifferent(output, image));
            if (images.size() > 1) {
                throw new VitrailException("--output is one file, but there are " + images.size()
                        + " pictures: give a folder that exists");
            }
        }
        try (Detector detector = Detector.of(opened, 1, engine.provider(opened.graph()))) {
            return each(file -> {
                RgbImage image = ImageDecoder.defaults().decode(file);
                List<DetectedObject> objects = detector.detect(image, threshold);
                sayObjects(file, objects);
                if (output != null) {
                    draw(file, image, objects);
                }
                return objects;
            });
        }
    }

    private List<Result> each(Function<Path, List<?>> predict) {
        List<Result> results = new ArrayList<>();
        for (Path image : images) {
            try {
                results.add(new Result(image.toString(), predict.apply(image)));
            } catch (VitrailException e) {
                if (images.size() == 1) {
                    throw e;
                }
                common.warn(e.getMessage());
            }
        }
        return results;
    }

    private void say(Path image, List<Prediction> predictions) {
        common.say(common.paint().bold(image.toString()));
        for (Prediction prediction : predictions) {
            common.say(String.format(Locale.ROOT, "  %6.2f %%  %s", 100 * prediction.probability(), prediction.name()));
        }
    }

    private void sayObjects(Path image, List<DetectedObject> objects) {
        common.say(common.paint().bold(image.toString()));
        if (objects.isEmpty()) {
            common.say(String.format(Locale.ROOT, "  nothing with a score of %.2f or more (--threshold)", threshold));
            return;
        }
        TextTable table = new TextTable(
                Column.right(""),
                Column.left("class"),
                Column.right("left"),
                Column.right("top"),
                Column.right("width"),
                Column.right("height"));
        for (DetectedObject object : objects) {
            table.row(
                    Units.percent(object.score()),
                    object.name(),
                    pixels(object.box().left()),
                    pixels(object.box().top()),
                    pixels(object.box().width()),
                    pixels(object.box().height()));
        }
        common.say(table);
    }

    private static String pixels(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private void draw(Path file, RgbImage image, List<DetectedObject> objects) {
        Path target = Files.isDirectory(output)
                ? output.resolve(file.getFileName().toString().replaceFirst("\\.[^.]*$", "") + ".png")
                : output;
        Outputs.requireDifferent(target, file);
        Outputs.writePng(
                BoxDrawing.draw(
                        image,
                        objects.reversed().stream()
                                .map(object -> new BoxDrawing.LabelledBox(
                                        object.label(),
                                        object.name() + String.format(Locale.ROOT, " %.2f", object.score()),
                                        object.box()))
                                .toList()),
                target);
        common.say("  drawn in " + common.paint().bold(target.toString()));
    }
}
