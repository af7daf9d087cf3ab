package org.vitrail.ablation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.vitrail.Model;
import org.vitrail.RunningModel;
import org.vitrail.engine.EngineOptions;
import org.vitrail.engine.RunContext;
import org.vitrail.image.ImageSource;
import org.vitrail.image.RgbImage;
import org.vitrail.image.TolerantReader;
import org.vitrail.quantize.Provenance;
import org.vitrail.verify.ClassificationMetrics;
import org.vitrail.work.Progress;

/**
 * The float model's outputs on some images, computed once and kept (a few numbers per image), so that any number of
 * quantized models can be compared with it at the cost of one pass each.
 *
 * @param logits the logits of each image, none where it is broken
 * @param metrics the metrics of the float model alone
 * @param sha256 hash of the images: names, labels and pixels
 * @param broken one sentence for each image that cannot be read
 */
public record FloatRun(
        ImageSource images,
        List<Optional<float[]>> logits,
        ClassificationMetrics metrics,
        String sha256,
        List<String> broken) {
    public FloatRun {
        logits = List.copyOf(logits);
        broken = List.copyOf(broken);
    }

    /** The logits, digest and label of one image. */
    private record One(float[] logits, byte[] digest, OptionalInt label) {}

    public static FloatRun of(Model model, ImageSource images, RunContext context) {
        TolerantReader reader = new TolerantReader(images);
        try (RunningModel running = model.start(EngineOptions.defaults(), context.engines());
                Progress.Stage stage = context.progress().begin("the float model", images.size())) {
            MessageDigest all = Provenance.sha256();
            List<Optional<float[]>> logits = new ArrayList<>();
            List<ClassificationMetrics> metrics = new ArrayList<>();
            context.runner()
                    .forEach(
                            images.size(),
                            i -> reader.read(i)
                                    .map(image ->
                                            new One(running.logits(image), digest(images, i, image), images.label(i))),
                            one -> {
                                one.ifPresent(read -> {
                                    all.update(read.digest);
                                    metrics.add(ClassificationMetrics.of(read.logits, read.label));
                                });
                                logits.add(one.map(One::logits));
                                stage.step();
                            });
            return new FloatRun(
                    images,
                    logits,
                    metrics.stream().reduce(ClassificationMetrics.none(), ClassificationMetrics::plus),
                    HexFormat.of().formatHex(all.digest()),
                    reader.broken());
        }
    }

    /** Returns the SHA-256 of an image as decoded, with its name and label. */
    static byte[] digest(ImageSource images, int index, RgbImage image) {
        MessageDigest digest = Provenance.sha256();
        String head = images.name(index) + "\n" + images.label(index) + "\n";
        digest.update(head.getBytes(StandardCharsets.UTF_8));
        digest.update(ByteBuffer.allocate(8)
                .putInt(image.width())
                .putInt(image.height())
                .flip());
        digest.update(image.pixels());
        return digest.digest();
    }

    /** Measures another model on the same pictures against the float one. */
    ClassificationMetrics compare(Model other, RunContext context) {
        try (RunningModel running = other.start(EngineOptions.defaults(), context.engines());
                Progress.Stage stage = context.progress().begin("evaluating", images.size())) {
            List<ClassificationMetrics> each = new ArrayList<>();
            context.runner().forEach(images.size(), i -> compare(running, i), one -> {
                each.add(one);
                stage.step();
            });
            return each.stream().reduce(ClassificationMetrics.none(), ClassificationMetrics::plus);
        }
    }

    private ClassificationMetrics compare(RunningModel other, int image) {
        return logits.get(image)
                .map(reference ->
                        ClassificationMetrics.of(reference, other.logits(images.image(image)), images.label(image)))
                .orElse(ClassificationMetrics.none());
    }
}
