package example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.vitrail.Classifier;
import org.vitrail.Model;
import org.vitrail.Prediction;
import org.vitrail.engine.RunContext;
import org.vitrail.image.DrawnImages;
import org.vitrail.image.ImageFolder;
import org.vitrail.image.ImageSource;
import org.vitrail.pipeline.QuantizationConfig;
import org.vitrail.quantize.Comparison;
import org.vitrail.quantize.DemoModel;
import org.vitrail.quantize.QuantizedModel;
import org.vitrail.quantize.Version;
import org.vitrail.quantize.Vitrail;
import org.vitrail.report.ComparisonReport;
import org.vitrail.report.JsonReport;
import org.vitrail.verify.LatencyMeasurement;
import org.vitrail.work.Progress;

/** Quantizes the demo model, as README's lines do. */
public final class Quantize {
    private static final int PHOTOS = 24;

    private Quantize() {}

    /** Writes {@code model.onnx}, {@code photos} and {@code comparison.json} into the folder that is named. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        DemoModel.write(folder.resolve("checkpoint"));
        writePhotos(folder.resolve("photos"));

        Model model = Model.open(folder.resolve("checkpoint"));
        ImageSource images = ImageFolder.open(folder.resolve("photos"));
        QuantizedModel quantized =
                Vitrail.quantize(model, images, 16, QuantizationConfig.defaults(), Progress.none());
        System.out.println(quantized.details().verification().verdict().sentence());
        quantized.write(folder.resolve("model.onnx"));

        try (Classifier classifier = Classifier.load(folder.resolve("model.onnx"))) {
            List<Prediction> best = classifier.classify(folder.resolve("photos").resolve("0.png"));
            System.out.println(best.getFirst().name());
        }

        JsonReport.write(measured(folder.resolve("model.onnx")), folder.resolve("comparison.json"));
        System.out.println(Version.describe());
    }

    /** Of one run: whether it is measured at all, memory in a program of its own included. */
    private static ComparisonReport measured(Path file) {
        return Comparison.run(
                List.of(new Comparison.Entry("quantized", file, Model.open(file))),
                Optional.empty(),
                Comparison.Settings.defaults().withSpeed(new LatencyMeasurement.Settings(0, 1, 1)),
                RunContext.defaults());
    }

    private static void writePhotos(Path folder) throws IOException {
        Files.createDirectories(folder);
        ImageSource drawn = new DrawnImages(1, PHOTOS);
        for (int i = 0; i < drawn.size(); i++) {
            ImageIO.write(drawn.image(i).toBufferedImage(), "png", folder.resolve(i + ".png").toFile());
        }
    }
}
