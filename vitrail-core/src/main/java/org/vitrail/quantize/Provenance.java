package org.vitrail.quantize;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.vitrail.Model;
import org.vitrail.allocate.MixedPrecision;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Weight;
import org.vitrail.image.ImageSource;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.pipeline.QuantizationConfig;

/**
 * Provenance of a quantized model, kept in the model's metadata. It follows from the inputs of the run alone: the same
 * run gives the same bytes.
 *
 * @param version of the metadata
 * @param weightsSha256 of the float model's names and weights, in file order
 * @param imagesSha256 of the names of the calibration images, in their order
 * @param mixedPrecision empty where all blocks have the same bits
 */
public record Provenance(
        int version,
        String tool,
        String weightsSha256,
        int calibrationImages,
        String imagesSha256,
        long seed,
        String bits,
        String edgeBits,
        String attention,
        String mixedPrecision,
        String method) {
    /** Metadata key of the provenance in an ONNX file; the value is JSON. */
    public static final String KEY = "vitrail.provenance";

    private static final int VERSION = 1;

    public static Provenance of(Model model, ImageSource calibration, QuantizationConfig config) {
        MessageDigest images = sha256();
        for (int i = 0; i < calibration.size(); i++) {
            images.update((calibration.name(i) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return new Provenance(
                VERSION,
                "vitrail " + Version.current(),
                weightsSha256(model),
                calibration.size(),
                HexFormat.of().formatHex(images.digest()),
                config.capture().seed(),
                config.bits().toString(),
                config.edgeBits().toString(),
                config.attention().name(),
                config.mixedPrecision().map(MixedPrecision::describe).orElse(""),
                config.method().describe());
    }

    /** Returns the SHA-256 of the model's weights and their names, in file order. */
    public static String weightsSha256(Model model) {
        MessageDigest weights = sha256();
        for (Map.Entry<String, Weight> weight : model.graph().weights().entrySet()) {
            weights.update(weight.getKey().getBytes(StandardCharsets.UTF_8));
            weights.update(weight.getValue().bytes());
        }
        return HexFormat.of().formatHex(weights.digest());
    }

    /**
     * Returns the SHA-256 of a whole model: of its weights' digest and of everything else in its file.
     *
     * @param weightsSha256 as {@link #weightsSha256(Model)} returns it
     */
    static String modelSha256(Graph graph, String weightsSha256) {
        MessageDigest digest = sha256();
        digest.update(weightsSha256.getBytes(StandardCharsets.UTF_8));
        digest.update(OnnxFile.bytes(graph, weight -> true));
        return HexFormat.of().formatHex(digest.digest());
    }

    String json() {
        try {
            return new ObjectMapper().writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
