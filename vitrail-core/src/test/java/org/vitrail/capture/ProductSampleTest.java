package org.vitrail.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.vitrail.tensor.VitrailException;

class ProductSampleTest {
    private static final int HEADS = 2;

    /** The sample of one image: its operands where the number is even, its extremes in any case. */
    private static ProductSample of(int number) {
        SplittableRandom random = new SplittableRandom(number);
        ProductSample.Example example = new ProductSample.Example(
                number,
                3,
                4,
                5,
                matrices(12, random),
                matrices(20, random),
                new float[] {1, 2.5f, 2.5f},
                number % 4 == 0 ? matrices(15, random) : new float[0][]);
        return new ProductSample(
                HEADS, extremes(random), extremes(random), number % 2 == 0 ? List.of(example) : List.of());
    }

    private static float[][] matrices(int size, SplittableRandom random) {
        float[][] matrices = new float[HEADS][size];
        for (float[] matrix : matrices) {
            for (int i = 0; i < size; i++) {
                matrix[i] = (float) random.nextGaussian();
            }
        }
        return matrices;
    }

    private static ProductSample.Extremes extremes(SplittableRandom random) {
        return new ProductSample.Extremes(
                new float[] {-(float) random.nextDouble(), -1}, new float[] {1, (float) random.nextDouble()});
    }

    private static byte[] bytes(ProductSample sample) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ProductSampleFile.write(sample, out);
        return out.toByteArray();
    }

    private static ProductSample read(byte[] bytes) throws IOException {
        return ProductSampleFile.read(new ByteArrayInputStream(bytes), "part-3");
    }

    @Test
    void anySplitAndAnyOrderOfMergingGivesTheSameBytes() throws IOException {
        List<ProductSample> images = new ArrayList<>();
        for (int number = 0; number < 30; number++) {
            images.add(of(number));
        }
        byte[] expected = bytes(
                images.stream().reduce((all, more) -> all.merge(more, "q")).orElseThrow());
        Random random = new Random(5);
        for (int round = 0; round < 30; round++) {
            List<ProductSample> parts = new ArrayList<>(images);
            while (parts.size() > 1) {
                Collections.shuffle(parts, random);
                ProductSample merged = parts.removeLast().merge(parts.removeLast(), "q");
                parts.add(round % 2 == 0 ? merged : read(bytes(merged)));
            }
            assertThat(bytes(parts.getFirst())).isEqualTo(expected);
        }
    }

    @Test
    void refusesWhatIsCutShortOrOfAnotherVersionOrDamaged() throws IOException {
        byte[] bytes = bytes(of(0).merge(of(2), "q"));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> read(cut))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("part-3 is cut short");
        }
        byte[] newer = bytes.clone();
        newer[7] = 9;
        assertThatThrownBy(() -> read(newer)).hasMessageContaining("samples of a product of version 9");
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            byte[] damaged = bytes.clone();
            damaged[8 + random.nextInt(bytes.length - 8)] = (byte) random.nextInt();
            try {
                assertThat(read(damaged).heads()).isPositive();
            } catch (VitrailException e) {
                assertThat(e).hasMessageContaining("part-3");
            }
        }
    }
}
