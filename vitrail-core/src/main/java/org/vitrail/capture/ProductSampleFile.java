package org.vitrail.capture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.vitrail.capture.ProductSample.Example;
import org.vitrail.capture.ProductSample.Extremes;
import org.vitrail.tensor.VitrailException;
import org.vitrail.wire.WireFormat;
import org.vitrail.wire.WireInput;
import org.vitrail.wire.WireOutput;

/**
 * Writes a {@link ProductSample} for another process, and reads it: a versioned binary form, big endian. Samples that were
 * written and read merge as those that were not.
 */
public final class ProductSampleFile {
    private static final WireFormat FORMAT = new WireFormat(0x56495450, 1, "samples of a product");
    private static final int MAX_HEADS = 1 << 16;
    private static final int MAX_EXTENT = 1 << 24;

    private ProductSampleFile() {}

    public static void write(ProductSample sample, OutputStream stream) throws IOException {
        WireOutput out = FORMAT.begin(stream);
        out.integer(sample.heads());
        for (Extremes extremes : List.of(sample.left(), sample.right())) {
            out.floats(extremes.least());
            out.floats(extremes.most());
        }
        out.integer(sample.examples().size());
        for (Example example : sample.examples()) {
            out.longInteger(example.number());
            out.integer(example.rows());
            out.integer(example.inner());
            out.integer(example.columns());
            out.integer(example.matrices());
            out.flag(example.scores().length > 0);
            out.floats(example.rowWeights());
            for (float[][] matrices : List.of(example.left(), example.right(), example.scores())) {
                for (float[] matrix : matrices) {
                    out.floats(matrix);
                }
            }
        }
        out.flush();
    }

    /**
     * The sample that {@link #write} wrote.
     *
     * @param name the source in messages
     * @throws VitrailException when it is no such sample, one of another version, or damaged
     */
    public static ProductSample read(InputStream stream, String name) throws IOException {
        return FORMAT.read(stream, name, ProductSampleFile::read);
    }

    private static ProductSample read(WireInput in) throws IOException {
        int heads = in.count(1, MAX_HEADS);
        Extremes left = new Extremes(in.floats(heads), in.floats(heads));
        Extremes right = new Extremes(in.floats(heads), in.floats(heads));
        int count = in.count(0, Integer.MAX_VALUE);
        List<Example> examples = new ArrayList<>();
        long before = -1;
        for (int i = 0; i < count; i++) {
            Example example = example(in);
            if (example.number() <= before) {
                throw new IllegalArgumentException("image " + example.number() + " after image " + before);
            }
            before = example.number();
            examples.add(example);
        }
        return new ProductSample(heads, left, right, examples);
    }

    private static Example example(WireInput in) throws IOException {
        long number = in.longInteger();
        int rows = in.count(0, MAX_EXTENT);
        int inner = in.count(0, MAX_EXTENT);
        int columns = in.count(0, MAX_EXTENT);
        int matrices = in.count(0, MAX_EXTENT);
        boolean hasScores = in.flag();
        float[] rowWeights = in.floats(rows);
        float[][] left = matrices(in, matrices, Math.multiplyExact(rows, inner));
        float[][] right = matrices(in, matrices, Math.multiplyExact(inner, columns));
        float[][] scores = matrices(in, hasScores ? matrices : 0, Math.multiplyExact(rows, columns));
        return new Example(number, rows, inner, columns, left, right, rowWeights, scores);
    }

    /** Reads matrix by matrix; empty ones, which would take memory without a byte, are refused. */
    private static float[][] matrices(WireInput in, int count, int size) throws IOException {
        if (size == 0 && count > 0) {
            throw new IllegalArgumentException(count + " empty matrices");
        }
        List<float[]> matrices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            matrices.add(in.floats(size));
        }
        return matrices.toArray(float[][]::new);
    }
}
