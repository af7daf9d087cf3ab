package org.vitrail.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Shared;
import org.vitrail.testing.TestEngines;

@EnabledOnOs(OS.LINUX)
class PeakMemoryTest {
    @Test
    @Tag("shared")
    void aLargerModelTakesMoreMemory() {
        OptionalLong small = PeakMemory.peakBytes(
                Shared.path("models/onnx/small/timm-vit/torchscript.onnx"), TestEngines.PROVIDER, 1);
        OptionalLong tiny = PeakMemory.peakBytes(
                Shared.path("models/onnx/deit-tiny-in1k.timm.torchscript.onnx"), TestEngines.PROVIDER, 1);

        assertThat(tiny.getAsLong() - small.getAsLong()).isGreaterThan(22_000_000);
    }

    @Test
    void saysWhichModelCannotBeMeasuredAndWhy() {
        assertThatThrownBy(() -> PeakMemory.peakBytes(Path.of("absent.onnx"), TestEngines.PROVIDER, 1))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("there is no file absent.onnx");
    }
}
