package example;

import java.nio.file.Path;
import java.util.List;
import org.vitrail.Classifier;
import org.vitrail.Embedder;
import org.vitrail.Prediction;
import org.vitrail.image.ImageFolder;
import org.vitrail.image.ImageSource;

/** Predicts with a quantized model, as README's lines do. */
public final class Predict {
    private Predict() {}

    /** Reads {@code model.onnx} and {@code photos} of the folder that is named. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        try (Classifier classifier = Classifier.load(folder.resolve("model.onnx"))) {
            List<Prediction> best = classifier.classify(folder.resolve("photos").resolve("0.png"), 3);
            System.out.println(best.getFirst().name() + " " + best.getFirst().probability());

            ImageSource photos = ImageFolder.open(folder.resolve("photos"));
            List<List<Prediction>> all =
                    classifier.classifyAll(List.of(photos.image(0), photos.image(1)));
            System.out.println(all.size() + " pictures");
        }
        System.out.println(Embedder.cosineSimilarity(new float[] {1, 0}, new float[] {1, 0}));
    }
}
