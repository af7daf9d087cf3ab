package org.vitrail.quantize;

import java.nio.file.Path;
import java.util.List;
import org.vitrail.Model;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.pipeline.QuantizationResult;

/**
 * A quantized model, ready to be written or run.
 *
 * @param model standard ONNX with everything in its metadata that predicting needs
 * @param details what was found, decided and verified
 * @param calibrationImages images that intervals were chosen on
 * @param brokenImages a sentence for each image that could not be read
 * @param seconds from the float model to the verified one
 */
public record QuantizedModel(
        Model model, QuantizationResult details, int calibrationImages, List<String> brokenImages, double seconds) {
    public QuantizedModel {
        brokenImages = List.copyOf(brokenImages);
    }

    /** Writes the ONNX file, compressed where its name ends in {@code .zst}; it appears whole or not at all. */
    public void write(Path file) {
        OnnxFile.write(model.graph(), file);
    }
}
