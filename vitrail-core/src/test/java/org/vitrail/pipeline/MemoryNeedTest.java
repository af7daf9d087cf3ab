package org.vitrail.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.vitrail.tensor.VitrailException;

/** Tests that a run is fitted to the memory before it starts. */
class MemoryNeedTest {
    private static final long MB = 1L << 20;
    private static final long GB = 1L << 30;

    private final MemoryNeed need = new MemoryNeed(600 * MB, 300 * MB, GB);

    @Test
    void takesAllThreadsWhereTheyFitAndFewerWhereNot() {
        assertThat(need.threads("m.onnx", 2, new MemoryNeed.Limits(4 * GB, 8 * GB)))
                .isEqualTo(2);
        assertThat(need.threads("m.onnx", 64, new MemoryNeed.Limits(4 * GB, 8 * GB)))
                .isEqualTo(10);
        assertThat(need.threads("m.onnx", 64, new MemoryNeed.Limits(950 * MB, 8 * GB)))
                .isEqualTo(1);
    }

    @Test
    void saysWhatHeapAModelNeedsWhereOneThreadDoesNotFit() {
        assertThatThrownBy(() -> need.threads("m.onnx", 2, new MemoryNeed.Limits(500 * MB, 8 * GB)))
                .isInstanceOf(VitrailException.class)
                .hasMessage(
                        "m.onnx needs a Java heap of about 0.9 GB to be quantized, and it may take 0.5 GB: give it more"
                                + " with VITRAIL_JAVA_OPTS=-Xmx990m");
    }

    @Test
    void saysWhatMemoryAModelNeedsWhereTheMachineHasLess() {
        assertThatThrownBy(() -> need.threads("m.onnx", 2, new MemoryNeed.Limits(GB, GB)))
                .isInstanceOf(VitrailException.class)
                .hasMessage(
                        "m.onnx needs about 1.9 GB of memory to be quantized, and this machine or container has 1.0 GB:"
                                + " use one with more");
    }
}
