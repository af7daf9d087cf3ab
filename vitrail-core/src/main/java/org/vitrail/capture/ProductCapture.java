package org.vitrail.capture;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.graph.Graph;
import org.vitrail.shape.Shapes;
import org.vitrail.tensor.Tensor;
import org.vitrail.work.Progress;

/**
 * Runs the calibration examples through the float model and keeps the operands of its products, image by image. All
 * images contribute their minima and maxima; operands are kept of as many images, evenly chosen, as the settings have
 * memory for, and of the left operand a seeded choice of rows that includes the first one (a class token's, where there
 * is one).
 */
public final class ProductCapture {
    /** Least number of rows per image: fewer say little about the order of its scores. */
    private static final int MIN_ROWS_PER_IMAGE = 8;

    /** Number of matrices that may each keep as many rows as a single one would. */
    private static final long FULL_SAMPLE_MATRICES = 4;

    private final ExampleSource inputs;
    private final int sampleRows;
    private final RunContext context;
    private final Shapes shapes;
    private final Passes passes;

    /** @param sampleRows rows kept of each operand, over all examples */
    public ProductCapture(Graph graph, ExampleSource inputs, int sampleRows, RunContext context) {
        this.inputs = inputs;
        this.sampleRows = sampleRows;
        this.context = context;
        this.shapes = Shapes.infer(graph);
        this.passes = new Passes(graph, inputs, context);
    }

    /** Hands the samples of each group of products to {@code consumer} as soon as they are complete, then forgets them. */
    public void run(List<ProductRequest> requests, Consumer<Map<ProductRequest, ProductSample>> consumer) {
        List<List<ProductRequest>> groups =
                Passes.split(requests, request -> examples(request) * bytes(request), context.heldBytes());
        try (Progress.Stage stage = context.progress().begin("observing attention", groups.size() * inputs.size())) {
            for (List<ProductRequest> group : groups) {
                consumer.accept(pass(group, stage));
            }
        }
    }

    /** Returns the number of images of a product that are kept. */
    private long examples(ProductRequest request) {
        return Math.max(1, Math.min(inputs.size(), context.heldBytes() / bytes(request)));
    }

    /** Returns an estimate of an image's bytes: the right operand, and at most as much for the others together. */
    private long bytes(ProductRequest request) {
        String whole = request.queriesOnRight() ? request.left() : request.right();
        return 2 * Passes.bytes(shapes, whole);
    }

    private Map<ProductRequest, ProductSample> pass(List<ProductRequest> requests, Progress.Stage stage) {
        Map<ProductRequest, ProductSample> gathered = new LinkedHashMap<>();
        List<String> values =
                requests.stream().flatMap(ProductRequest::values).distinct().toList();
        passes.<Map<ProductRequest, ProductSample>>run(
                values,
                (example, found) -> observe(requests, example, found),
                parts -> parts.forEach((request, part) ->
                        gathered.merge(request, part, (all, more) -> all.merge(more, request.left()))),
                stage);
        return gathered;
    }

    private Map<ProductRequest, ProductSample> observe(
            List<ProductRequest> requests, int example, Map<String, Tensor> values) {
        Map<ProductRequest, ProductSample> samples = new LinkedHashMap<>();
        requests.forEach(request -> samples.put(request, observe(request, example, values)));
        return samples;
    }

    private ProductSample observe(ProductRequest request, int example, Map<String, Tensor> values) {
        MatrixBatch first = MatrixBatch.of(values.get(request.left()));
        MatrixBatch second = MatrixBatch.of(values.get(request.right()));
        MatrixBatch left = request.queriesOnRight() ? second.transposed() : first;
        MatrixBatch right = request.queriesOnRight() ? first.transposed() : second;
        int[] batch = left.batchWith(right);
        int heads = batch.length == 0 ? 1 : batch[batch.length - 1];
        long kept = examples(request);
        boolean keep = (example + 1) * kept / inputs.size() > example * kept / inputs.size();
        return new ProductSample(
                heads,
                extremes(request.left(), left, heads),
                extremes(request.right(), right, heads),
                keep ? List.of(example(request, example, values, left, right, batch)) : List.of());
    }

    private static ProductSample.Extremes extremes(String name, MatrixBatch operand, int heads) {
        ProductSample.Extremes extremes = ProductSample.Extremes.none(heads);
        int size = operand.rows() * operand.columns();
        boolean hasHeads = operand.batch().length > 0 && operand.batch()[operand.batch().length - 1] == heads;
        for (int i = 0; i < operand.values().length; i++) {
            float value = operand.values()[i];
            if (!Float.isFinite(value)) {
                throw Passes.notFinite(name);
            }
            int head = hasHeads ? i / size % heads : 0;
            extremes.least()[head] = Math.min(extremes.least()[head], value);
            extremes.most()[head] = Math.max(extremes.most()[head], value);
        }
        if (!hasHeads) {
            Arrays.fill(extremes.least(), extremes.least()[0]);
            Arrays.fill(extremes.most(), extremes.most()[0]);
        }
        return extremes;
    }

    private ProductSample.Example example(
            ProductRequest request,
            int example,
            Map<String, Tensor> values,
            MatrixBatch left,
            MatrixBatch right,
            int[] batch) {
        int[] rows = rows(example, left.rows(), examples(request), Tensor.size(batch));
        float[] weights = new float[rows.length];
        Arrays.fill(weights, rows.length == 1 ? left.rows() : (left.rows() - 1f) / (rows.length - 1));
        weights[0] = rows.length == 1 ? left.rows() : 1;
        int[] all = IntStream.range(0, right.rows()).toArray();
        float[][] scores = request.softmaxInput()
                .map(values::get)
                .filter(value -> value.rank() >= 2)
                .map(MatrixBatch::of)
                .map(found -> request.queriesOnRight() ? found.transposed() : found)
                .filter(found -> found.rows() == left.rows()
                        && found.columns() == right.columns()
                        && found.count() == Tensor.size(batch))
                .map(found -> found.spread(found.batch(), rows))
                .orElse(new float[0][]);
        return new ProductSample.Example(
                example,
                rows.length,
                left.columns(),
                right.columns(),
                left.spread(batch, rows),
                right.spread(batch, all),
                weights,
                scores);
    }

    /**
     * Returns the first row and a random choice of the others, so that all images together keep what the settings say;
     * fewer rows of each matrix where an image has more than a few matrices.
     */
    private int[] rows(int example, int rows, long examples, long matrices) {
        long share = Math.min(sampleRows, FULL_SAMPLE_MATRICES * sampleRows / matrices) / examples;
        int wanted = (int) Math.min(rows, Math.max(MIN_ROWS_PER_IMAGE, share));
        SplittableRandom random = new SplittableRandom(context.seed() * 31 + example);
        TreeSet<Integer> chosen = new TreeSet<>(List.of(0));
        for (int row = 1; row < rows; row++) {
            if (random.nextInt(rows - row) < wanted - chosen.size()) {
                chosen.add(row);
            }
        }
        return chosen.stream().mapToInt(Integer::intValue).toArray();
    }
}
