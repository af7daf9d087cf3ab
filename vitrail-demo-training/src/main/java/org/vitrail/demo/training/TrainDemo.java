package org.vitrail.demo.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.ParameterTracker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.vitrail.demo.training.VisionTransformer.Extents;
import org.vitrail.image.DrawnImages;
import org.vitrail.image.Preprocessing;
import org.vitrail.image.PreprocessingPreset;
import org.vitrail.image.Size;

/**
 * Trains the demo model on drawn pictures, each seen once, and writes {@code model.safetensors} and
 * {@code config.json} as timm would. The run that made the model in vitrail-core:
 *
 * <pre>  mvn -Pdemo-training -pl vitrail-demo-training -am package -DskipTests</pre>
 *
 * <p>One thread and fixed seeds, so that the same kind of CPU gives the same numbers again. The pictures become more
 * varied as the model learns; the learning rate falls once they have ceased to.
 */
public final class TrainDemo {
    private static final int STEPS = 3600;
    private static final int BATCH = 24;
    private static final int WARM_UP_STEPS = 100;
    private static final int DECAY_STEPS = 1500;
    private static final float LEARNING_RATE = 7e-4f;
    private static final float WEIGHT_DECAY = 0.05f;

    private static final int STEPS_BETWEEN_REPORTS = 100;

    private static final Extents EXTENTS = new Extents(
            DrawnImages.SIDE, 8, 128, 6, 2, 384, DrawnImages.classNames().size());
    private static final Preprocessing PREPROCESSING = PreprocessingPreset.SIGLIP.at(Size.square(DrawnImages.SIDE));

    private TrainDemo() {}

    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        keepToThisMachine(folder);
        try (NDManager manager = NDManager.newBaseManager()) {
            VisionTransformer model = new VisionTransformer(EXTENTS, manager, 1);
            train(model, manager);
            System.out.printf(
                    Locale.ROOT,
                    "right on 2400 unseen pictures: %.2f %%%n",
                    100 * accuracy(model, new DrawnImages(3, 2400), manager));
            SafetensorsWriter.write(model.weights(), folder.resolve("model.safetensors"));
            Files.writeString(folder.resolve("config.json"), Config.json(EXTENTS, PREPROCESSING));
        }
    }

    /** DJL reads these when it starts: the native library comes from the jar, and nothing is sent anywhere. */
    private static void keepToThisMachine(Path folder) {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("DJL_CACHE_DIR", folder.resolve("djl").toString());
        System.setProperty("ai.djl.pytorch.num_threads", "1");
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    }

    private static void train(VisionTransformer model, NDManager manager) {
        ParameterTracker rate = (name, step) -> learningRate(step);
        Optimizer matrices = Optimizer.adamW()
                .optLearningRateTracker(rate)
                .optBeta2(0.99f)
                .optWeightDecays(WEIGHT_DECAY)
                .build();
        Optimizer vectors = Optimizer.adamW()
                .optLearningRateTracker(rate)
                .optBeta2(0.99f)
                .optWeightDecays(0)
                .build();
        Loss loss = Loss.softmaxCrossEntropyLoss();

        Curriculum curriculum = new Curriculum();
        double recentLoss = 0;
        long start = System.nanoTime();
        for (int step = 1; step <= STEPS; step++) {
            try (NDManager arrays = manager.newSubManager();
                    GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                DrawnImages source = new DrawnImages(1, STEPS * BATCH, curriculum.variety());
                int first = (step - 1) * BATCH;
                NDArray logits = model.logits(images(source, first, arrays));
                NDArray error = loss.evaluate(new NDList(arrays.create(labels(source, first))), new NDList(logits));
                gradients.backward(error);
                recentLoss += error.getFloat() / STEPS_BETWEEN_REPORTS;
                curriculum.observe(right(logits, labels(source, first)) / (double) BATCH);
            }
            for (Map.Entry<String, NDArray> entry : model.weights().entrySet()) {
                NDArray weight = entry.getValue();
                boolean isMatrix = weight.getShape().dimension() >= 2;
                try (NDArray gradient = weight.getGradient()) {
                    (isMatrix ? matrices : vectors).update(entry.getKey(), weight, gradient);
                    gradient.muli(0); // backward adds to what is there
                }
            }
            if (step < STEPS - DECAY_STEPS) {
                curriculum.advance();
            }
            if (step % STEPS_BETWEEN_REPORTS == 0) {
                System.out.printf(
                        Locale.ROOT,
                        "step %d of %d, %d s, variety %.2f, loss %.3f, right on unseen pictures %.1f %%%n",
                        step,
                        STEPS,
                        (System.nanoTime() - start) / 1_000_000_000,
                        curriculum.variety(),
                        recentLoss,
                        100 * accuracy(model, new DrawnImages(2, 10 * BATCH, curriculum.variety()), manager));
                recentLoss = 0;
            }
        }
    }

    /** Up in the first steps, down in the last ones. */
    private static float learningRate(int step) {
        return LEARNING_RATE
                * Math.min(1f, Math.min((float) step / WARM_UP_STEPS, (float) (STEPS - step) / DECAY_STEPS));
    }

    private static double accuracy(VisionTransformer model, DrawnImages source, NDManager manager) {
        int right = 0;
        for (int first = 0; first < source.size(); first += BATCH) {
            try (NDManager arrays = manager.newSubManager()) {
                right += right(model.logits(images(source, first, arrays)), labels(source, first));
            }
        }
        return (double) right / source.size();
    }

    private static int right(NDArray logits, long[] labels) {
        long[] predicted = logits.argMax(1).toLongArray();
        return (int) IntStream.range(0, labels.length)
                .filter(i -> predicted[i] == labels[i])
                .count();
    }

    private static NDArray images(DrawnImages source, int first, NDManager arrays) {
        int area = 3 * DrawnImages.SIDE * DrawnImages.SIDE;
        float[] values = new float[BATCH * area];
        for (int i = 0; i < BATCH; i++) {
            System.arraycopy(PREPROCESSING.apply(source.image(first + i)).values(), 0, values, i * area, area);
        }
        return arrays.create(values, new Shape(BATCH, 3, DrawnImages.SIDE, DrawnImages.SIDE));
    }

    private static long[] labels(DrawnImages source, int first) {
        return IntStream.range(first, first + BATCH)
                .mapToLong(i -> source.label(i).getAsInt())
                .toArray();
    }
}
