package org.vitrail.quantize;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.vitrail.Model;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.pipeline.QuantizationResult;
import org.vitrail.plan.PlanFile;
import org.vitrail.tensor.VitrailException;

/**
 * A quantized model, ready to be written or run.
 *
 * @param model standard ONNX with everything in its metadata that predicting needs
 * @param details what was found, decided and verified
 * @param plan the plan with its provenance; empty where transforms changed the model, which plan files do not hold
 * @param calibrationImages images that intervals were chosen on
 * @param brokenImages a sentence for each image that could not be read
 * @param variation of the float model's answers on the calibration images; says whether it sees anything
 * @param seconds from the float model to the verified one
 */
public record QuantizedModel(
        Model model,
        QuantizationResult details,
        Optional<PlanFile> plan,
        int calibrationImages,
        List<String> brokenImages,
        OutputVariation variation,
        double seconds) {
    public QuantizedModel {
        brokenImages = List.copyOf(brokenImages);
    }

    /** Writes the ONNX file, compressed where its name ends in {@code .zst}; it appears whole or not at all. */
    public void write(Path file) {
        OnnxFile.write(model.graph(), file);
    }

    /**
     * Writes the plan, from which {@link Vitrail#replay} makes this model again; it appears whole or not at all.
     *
     * @throws org.vitrail.tensor.VitrailException when the model was transformed, or the file cannot be written
     */
    public void writePlan(Path file) {
        plan.orElseThrow(() ->
                        new VitrailException(file + " cannot be written: the method transforms the model, and plan"
                                + " files do not hold transforms: quantize it with a method that has none"))
                .write(file);
    }
}
