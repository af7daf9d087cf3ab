package org.vitrail.pipeline;

import java.util.Optional;
import org.vitrail.allocate.MixedPrecision;
import org.vitrail.capture.CaptureSettings;
import org.vitrail.engine.EngineProvider;
import org.vitrail.engine.RunContext;
import org.vitrail.export.Target;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.work.Progress;

/**
 * How a model is quantized.
 *
 * @param bits of weights and activations in the blocks
 * @param edgeBits of the patch embedding and the head, which hold few parameters and hurt most; never below {@code
 *     bits}
 * @param attention whether the products of attention are quantized too
 * @param mixedPrecision whether modules have bits of their own, and how they come by them; what is in no module keeps
 *     {@code bits}
 * @param target what the quantized file is for
 * @param capture threads, seed and memory of the calibration
 */
public record QuantizationConfig(
        Method method,
        Bits bits,
        BitWidth edgeBits,
        AttentionMode attention,
        Optional<MixedPrecision> mixedPrecision,
        Target target,
        CaptureSettings capture) {

    /** W8A8, float attention, {@link Preset#BEST}. */
    public static QuantizationConfig defaults() {
        return new QuantizationConfig(
                Preset.BEST.method(),
                Bits.of("W8A8"),
                new BitWidth(8),
                AttentionMode.FLOAT,
                Optional.empty(),
                Target.PORTABLE,
                CaptureSettings.defaults());
    }

    /** This preset's method, and attention as the preset has it by default. */
    public QuantizationConfig withPreset(Preset preset) {
        return withMethod(preset.method()).withAttention(preset.attention());
    }

    public QuantizationConfig withMethod(Method newMethod) {
        return new QuantizationConfig(newMethod, bits, edgeBits, attention, mixedPrecision, target, capture);
    }

    public QuantizationConfig withBits(Bits newBits) {
        return new QuantizationConfig(method, newBits, edgeBits, attention, mixedPrecision, target, capture);
    }

    public QuantizationConfig withAttention(AttentionMode newAttention) {
        return new QuantizationConfig(method, bits, edgeBits, newAttention, mixedPrecision, target, capture);
    }

    /** Every module with bits of its own. */
    public QuantizationConfig withMixedPrecision(MixedPrecision settings) {
        return new QuantizationConfig(method, bits, edgeBits, attention, Optional.of(settings), target, capture);
    }

    public QuantizationConfig withCapture(CaptureSettings newCapture) {
        return new QuantizationConfig(method, bits, edgeBits, attention, mixedPrecision, target, newCapture);
    }

    public QuantizationConfig withTarget(Target newTarget) {
        return new QuantizationConfig(method, bits, edgeBits, attention, mixedPrecision, newTarget, capture);
    }

    /** Returns the context of a run with this configuration. */
    public RunContext context(EngineProvider engines, Progress progress) {
        return new RunContext(engines, capture.threads(), capture.passBytes(), capture.seed(), progress);
    }

    /**
     * All settings on which results depend as one line; it is written into files, so that its form stays whatever classes
     * are called. The number of threads always reads 1; the target stands in it where it is not the default one.
     */
    public String describe() {
        return "QuantizationConfig[method=" + method.describe()
                + ", bits=" + bits
                + ", edgeBits=" + edgeBits
                + ", attention=" + attention
                + ", mixedPrecision=" + mixedPrecision.map(MixedPrecision::describe)
                + ", capture=" + capture.describe()
                + (target == Target.PORTABLE ? "" : ", target=" + target.label()) + "]";
    }

    /** The bits of a layer when the blocks have {@code bits}: at the edges of the model no fewer than {@link #edgeBits}. */
    Bits bitsAt(boolean edge, Bits bits) {
        return edge ? bits.atLeast(edgeBits) : bits;
    }
}
