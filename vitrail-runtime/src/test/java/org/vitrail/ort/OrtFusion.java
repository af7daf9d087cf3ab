package org.vitrail.ort;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.file.Path;
import org.vitrail.graph.Graph;
import org.vitrail.onnx.OnnxFile;

/** Models as ONNX Runtime's own optimizer writes them, with its fused operators. */
public final class OrtFusion {
    private OrtFusion() {}

    /** The model fused for any machine ({@code EXTENDED_OPT}) or for this one ({@code ALL_OPT}), read back. */
    public static Graph fused(Path model, SessionOptions.OptLevel level, Path folder) {
        Path file = folder.resolve("fused.onnx");
        try (SessionOptions options = new SessionOptions()) {
            options.setOptimizationLevel(level);
            options.setOptimizedModelFilePath(file.toString());
            OrtRuntime.environment().createSession(model.toString(), options).close();
            return OnnxFile.read(file);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
