package org.vitrail.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.vitrail.Classifier;
import org.vitrail.Prediction;
import org.vitrail.tensor.VitrailException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrail predict}: what pictures show. */
@Command(
        name = "predict",
        description = "Says what pictures show, the most probable classes first.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  vitrail predict deit-int8.onnx cat.jpg dog.png",
            "  vitrail predict deit.onnx cat.jpg --classes imagenet-classes.txt --top 3"
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
            description = "Classes to name (default: ${DEFAULT-VALUE}).")
    private int top;

    @Mixin
    private JsonOption json;

    @Mixin
    private ModelOptions options;

    @Mixin
    private Common common;

    /** What {@code --json} writes of one picture. */
    private record Result(String image, List<Prediction> predictions) {}

    @Override
    public Integer call() {
        json.requireWritable();
        ThreadsOption.requirePositive("--top", top);
        List<Result> results = new ArrayList<>();
        try (Classifier classifier =
                Classifier.of(options.open(model.locate(common).path()), 1)) {
            for (Path image : images) {
                try {
                    List<Prediction> predictions =
                            classifier.classify(image).stream().limit(top).toList();
                    results.add(new Result(image.toString(), predictions));
                    say(image, predictions);
                } catch (VitrailException e) {
                    if (images.size() == 1) {
                        throw e;
                    }
                    common.warn(e.getMessage());
                }
            }
        }
        if (results.isEmpty()) {
            throw new VitrailException("none of the " + images.size() + " pictures can be read");
        }
        json.write(results);
        return Main.DONE;
    }

    private void say(Path image, List<Prediction> predictions) {
        common.say(common.paint().bold(image.toString()));
        for (Prediction prediction : predictions) {
            common.say(String.format(Locale.ROOT, "  %6.2f %%  %s", 100 * prediction.probability(), prediction.name()));
        }
    }
}
