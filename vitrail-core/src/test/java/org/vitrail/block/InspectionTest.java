package org.vitrail.block;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.testing.Shared;

class InspectionTest {
    @Test
    @Tag("shared")
    void countsWhatThePapersSayOfDeitTiny() {
        Inspection inspection = Inspection.of(
                Recognition.of(OnnxFile.read(Shared.path("models/onnx/deit-tiny-in1k.timm.torchscript.onnx"))));

        assertThat(inspection.parameters()).isEqualTo(5_717_416);
        int tokens = 14 * 14 + 1;
        long block = tokens * 192L * (4 * 192 + 2 * 768) + 2L * tokens * tokens * 192;
        assertThat(inspection.multiplyAdds()).isEqualTo(14 * 14 * 768L * 192 + 12 * block + 192 * 1000);
    }

    @Test
    void saysOfEachPartWhereItIsAndWhatItTakes() {
        Inspection inspection = Inspection.of(Recognition.of(SyntheticTransformer.plain()));

        assertThat(inspection.parts())
                .filteredOn(part -> part.role().equals("attention scores"))
                .hasSize(2)
                .first()
                .satisfies(part -> {
                    assertThat(part.place()).isEqualTo("block 0");
                    assertThat(part.shape()).isEqualTo("1×3×16×8 · 1×3×8×16 → 1×3×16×16");
                    assertThat(part.multiplyAdds()).hasValue(3 * 16 * 16 * 8);
                    assertThat(part.note()).isEqualTo("3 heads of 8, scaled on scores");
                });
        assertThat(inspection.parts())
                .filteredOn(part -> part.role().equals("MLP contract"))
                .extracting(InspectedPart::note)
                .containsOnly("behind gelu");
    }

    @Test
    void countsAConstantThatTwoPartsShareOnce() {
        SyntheticTransformer sketch = new SyntheticTransformer();
        String shared = sketch.random(1, SyntheticTransformer.WIDTH, SyntheticTransformer.WIDTH);
        Inspection alone = Inspection.of(Recognition.of(SyntheticTransformer.plain()));
        Inspection both = Inspection.of(Recognition.of(sketch.transformer(
                (drawn, x) -> drawn.op("MatMul", x, shared),
                SyntheticTransformer::untouched,
                SyntheticTransformer::scaled,
                SyntheticTransformer::gelu)));

        assertThat(both.parameters())
                .isEqualTo(alone.parameters() + SyntheticTransformer.WIDTH * SyntheticTransformer.WIDTH);
    }
}
