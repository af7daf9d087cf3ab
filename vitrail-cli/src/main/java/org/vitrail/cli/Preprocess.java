package org.vitrail.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.vitrail.Model;
import org.vitrail.image.ImageDecoder;
import org.vitrail.image.Preprocessing;
import org.vitrail.image.RgbImage;
import org.vitrail.tensor.Tensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Implements {@code vitrail preprocess}: writes the tensor that a model is fed with for a picture. */
@Command(
        name = "preprocess",
        description = "Writes what a model is fed with for a picture, to look at and to compare with other programs.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  vitrail preprocess deit.onnx cat.jpg -o cat.npy --png seen.png",
            "  vitrail preprocess preprocessor_config.json cat.jpg -o cat.npy"
        })
final class Preprocess implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "MODEL|CONFIG",
            description = "A model, or a configuration file of Hugging Face or timm whose name ends in .json.")
    private ModelSource model;

    @Parameters(index = "1", paramLabel = "PICTURE", description = "A JPEG, PNG, WebP or BMP file.")
    private Path picture;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "TENSOR.npy",
            description = "The NumPy file to write: float32, the model's input for one picture without the batch axis.")
    private Path output;

    @Option(
            names = "--png",
            paramLabel = "SEEN.png",
            description = "Also write the picture as the model sees it, before normalisation.")
    private Path png;

    @Mixin
    private ModelOptions options;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        Outputs.requireWritable(output);
        Outputs.requireDifferent(output, picture);
        if (png != null) {
            Outputs.requireWritable(png);
            Outputs.requireDifferent(png, picture);
        }
        PropertyList facts = new PropertyList(common);
        Preprocessing preprocessing = preprocessing(facts);
        RgbImage image = ImageDecoder.defaults().decode(picture);
        Tensor tensor = preprocessing.apply(image);
        Outputs.writeNpy(tensor, output);
        if (png != null) {
            Outputs.writePng(preprocessing.resizeAndCrop(image).toBufferedImage(), png);
        }
        float[] values = tensor.values();
        float least = Float.POSITIVE_INFINITY;
        float largest = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            least = Math.min(least, value);
            largest = Math.max(largest, value);
        }
        facts.add("Picture", picture + ", " + image.height() + "×" + image.width())
                .add(
                        "Tensor",
                        Arrays.stream(tensor.shape()).mapToObj(String::valueOf).collect(Collectors.joining("×"))
                                + ", from " + least + " to " + largest + ", in " + output)
                .print();
        return ExitCode.DONE;
    }

    private Preprocessing preprocessing(PropertyList facts) {
        if (model.text().endsWith(".json")) {
            Preprocessing read = options.preprocessing(Path.of(model.text()));
            facts.add("Preprocessing", read.describe() + " (" + model.text() + ")");
            return read;
        }
        ModelSource.Located located = model.locate(common);
        Model opened = options.open(located.path());
        ModelOptions.describe(facts, located.label(), opened);
        return opened.preprocessing();
    }
}
