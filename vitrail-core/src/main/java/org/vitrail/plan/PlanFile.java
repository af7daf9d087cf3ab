package org.vitrail.plan;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.vitrail.block.LinearLayer;
import org.vitrail.block.Recognition;
import org.vitrail.onnx.AtomicFile;
import org.vitrail.tensor.Limits;
import org.vitrail.tensor.VitrailException;

/**
 * A plan with its provenance, as JSON. With the float model it is enough to write the same quantized file again, byte for
 * byte. Scales and codes of weights and bias corrections are Base64: float32 in little endian, codes of up to 8 bits as
 * one byte each, others as two. Plan files are untrusted: reading one returns a plan that fits the model, or throws a
 * {@link VitrailException} that names the file and the field.
 *
 * @param version of the format; {@link #VERSION}
 * @param modelSha256 of the float model that the plan belongs to
 * @param target label of the export target
 * @param metadata of the quantized model, verbatim and in its order
 */
public record PlanFile(int version, String modelSha256, String target, Map<String, String> metadata, Plan plan) {
    /** The version that is written and read. */
    public static final int VERSION = 1;

    public PlanFile {
        if (version != VERSION) {
            throw new IllegalArgumentException("the version must be " + VERSION + ", got " + version);
        }
        Objects.requireNonNull(modelSha256);
        Objects.requireNonNull(target);
        Objects.requireNonNull(plan);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** Writes the file; it appears whole or not at all. */
    public void write(Path file) {
        AtomicFile.write(file, channel -> PlanJson.WRITER.writeValue(Channels.newOutputStream(channel), this));
    }

    /**
     * Reads a plan for this model.
     *
     * @param modelSha256 of the float model as it was opened
     * @param recognition of the float model
     * @throws VitrailException when the file is not a plan of this version, or one of another model
     */
    public static PlanFile read(Path file, String modelSha256, Recognition recognition) {
        requireSize(file, recognition);
        PlanFile read;
        try {
            requireVersion(file);
            read = PlanJson.MAPPER.readValue(file.toFile(), PlanFile.class);
        } catch (JacksonException e) {
            throw PlanJson.refusal(file, e);
        } catch (IOException e) {
            throw new VitrailException(file + " cannot be read: " + e.getMessage(), e);
        }
        if (!read.modelSha256().equals(modelSha256)) {
            throw new VitrailException(file + ": modelSha256 says that the plan belongs to another model (SHA-256 "
                    + read.modelSha256() + ", this one has " + modelSha256
                    + "): give the model that it was saved with");
        }
        new PlanFit(file, recognition).require(read.plan());
        return read;
    }

    private static void requireSize(Path file, Recognition recognition) {
        if (!Files.exists(file)) {
            throw new VitrailException("there is no file " + file);
        }
        if (!Files.isRegularFile(file)) {
            throw new VitrailException(file + " is no file: give a plan that --save-plan wrote");
        }
        long codes = 0;
        for (LinearLayer layer : recognition.layers()) {
            codes += (long) layer.inFeatures() * layer.outFeatures();
        }
        long most = Limits.MAX_PLAN_BYTES_BESIDE_CODES + Limits.MAX_PLAN_BYTES_PER_CODE * codes;
        long size = file.toFile().length();
        if (size > most) {
            throw new VitrailException(file + " takes " + size + " bytes, and a plan of this model takes at most "
                    + most + ": give the plan that was saved with it");
        }
    }

    /** Looks for the version alone, so that a plan of another one is refused for that and not for its fields. */
    private static void requireVersion(Path file) throws IOException {
        try (JsonParser parser = PlanJson.MAPPER.createParser(file.toFile())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new VitrailException(file + " is no plan: it must hold one JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isVersion = parser.currentName().equals("version");
                JsonToken value = parser.nextToken();
                if (isVersion && value == JsonToken.VALUE_NUMBER_INT) {
                    if (!parser.getText().equals(String.valueOf(VERSION))) {
                        throw new VitrailException(file + ": version is " + parser.getText() + ", and plans of version "
                                + VERSION + " can be read: save the plan again");
                    }
                    return;
                }
                parser.skipChildren();
            }
        }
    }
}
