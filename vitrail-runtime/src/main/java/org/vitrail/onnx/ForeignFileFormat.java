package org.vitrail.onnx;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Recognises, by their first bytes, files of other formats that are given for an ONNX file by mistake, and describes
 * what to do, one row for each format.
 */
enum ForeignFileFormat {
    GIT_LFS("version https://git-lfs", 0, "a Git LFS pointer, not the model itself: run git lfs pull"),
    ZIP("PK\u0003\u0004", 0, "a zip archive, perhaps a PyTorch checkpoint (.pt): export it with torch.onnx.export"),
    PICKLE("\u0080\u0002", 0, "a Python pickle, perhaps a PyTorch checkpoint: export it with torch.onnx.export"),
    PICKLE_4("\u0080\u0004", 0, "a Python pickle: export the model with torch.onnx.export"),
    SAFETENSORS("{\"", 8, "a safetensors checkpoint: turn it into ONNX first with vitrail import"),
    HDF5("\u0089HDF", 0, "an HDF5 file, perhaps a Keras model: convert it with tf2onnx"),
    TFLITE("TFL3", 4, "a TensorFlow Lite model: convert it with tf2onnx"),
    ORT("ORTM", 4, "a model in ONNX Runtime's own format: give the .onnx file it was made from"),
    GGUF("GGUF", 0, "a GGUF file"),
    PNG("\u0089PNG", 0, "a PNG image"),
    JPEG("\u00ff\u00d8\u00ff", 0, "a JPEG image"),
    ZSTD("(\u00b5/\u00fd", 0, "a Zstandard archive inside another: unpack it first"),
    GZIP("\u001f\u008b", 0, "a gzip archive: unpack it first"),
    JSON("{", 0, "a JSON file"),
    HTML("<", 0, "an HTML or XML page: the download went wrong");

    private final String magic;
    private final int offset;
    private final String description;

    ForeignFileFormat(String magic, int offset, String description) {
        this.magic = magic;
        this.offset = offset;
        this.description = description;
    }

    /** Describes the file where its first bytes identify it. */
    static Optional<String> describe(ByteBuffer file) {
        byte[] head = new byte[Math.min(32, file.limit())];
        file.get(0, head);
        String text = new String(head, StandardCharsets.ISO_8859_1);
        for (ForeignFileFormat kind : values()) {
            if (text.startsWith(kind.magic, kind.offset)) {
                return Optional.of(kind.description);
            }
        }
        return Optional.empty();
    }

    /** Returns whether the file begins as all exported models do: with the field ir_version and a small number. */
    static boolean beginsLikeOnnx(ByteBuffer file) {
        return file.limit() >= 2 && file.get(0) == 0x08 && file.get(1) > 0 && file.get(1) < 64;
    }
}
