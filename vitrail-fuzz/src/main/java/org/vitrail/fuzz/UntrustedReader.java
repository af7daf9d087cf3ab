package org.vitrail.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.vitrail.checkpoint.Safetensors;
import org.vitrail.detection.CocoFile;
import org.vitrail.graph.Graph;
import org.vitrail.image.ImageDecoder;
import org.vitrail.image.ImageFolder;
import org.vitrail.image.LabelsFile;
import org.vitrail.image.PreprocessingFiles;
import org.vitrail.image.PreprocessingJson;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.shape.Shapes;
import org.vitrail.tensor.VitrailException;

/** Readers of untrusted files. Each reads a file with any content, or refuses it with a {@link VitrailException}. */
enum UntrustedReader {
    ONNX("model.onnx") {
        @Override
        void read(Path file) {
            Shapes.infer(OnnxFile.read(file));
        }
    },
    EXTERNAL_DATA("model.onnx") {
        @Override
        void read(Path file) {
            Graph graph = OnnxFile.read(file);
            ForbiddenFile.requireAbsent(graph, file);
        }
    },
    ZSTD("model.onnx.zst") {
        @Override
        void read(Path file) {
            OnnxFile.read(file);
        }
    },
    SAFETENSORS("model.safetensors") {
        @Override
        void read(Path file) {
            Safetensors.open(file);
        }
    },
    JPEG("picture.jpg") {
        @Override
        void read(Path file) {
            PICTURES.decode(file);
        }
    },
    PNG("picture.png") {
        @Override
        void read(Path file) {
            PICTURES.decode(file);
        }
    },
    WEBP("picture.webp") {
        @Override
        void read(Path file) {
            PICTURES.decode(file);
        }
    },
    BMP("picture.bmp") {
        @Override
        void read(Path file) {
            PICTURES.decode(file);
        }
    },
    PREPROCESSING("preprocessor_config.json") {
        @Override
        void read(Path file) {
            String json = text(file);
            refusing(() -> PreprocessingFiles.ofHuggingFace(json, file.toString(), Optional.of(json)));
            refusing(() -> PreprocessingFiles.ofHuggingFace(json, file.toString(), Optional.empty()));
            refusing(() -> PreprocessingFiles.ofTimm(json, file.toString()));
            PreprocessingJson.read(json, file.toString());
        }
    },
    COCO("annotations.json") {
        @Override
        void read(Path file) {
            CocoFile.read(file);
        }
    },
    PLAN("plan.json") {
        @Override
        void read(Path file) {
            PlannedDemo.read(file);
        }
    },
    LABELS("labels.csv") {
        @Override
        void read(Path file) {
            refusing(() -> LabelsFile.classNames(file));
            ImageFolder.open(file.getParent());
        }
    };

    /** Pictures of a megapixel at most, so that the bound on memory can be low. */
    private static final ImageDecoder PICTURES = new ImageDecoder(1 << 20);

    private final String fileName;

    UntrustedReader(String fileName) {
        this.fileName = fileName;
    }

    /**
     * Reads a file.
     *
     * @throws VitrailException when the content is refused
     */
    abstract void read(Path file);

    /** Returns the name that the file has: some readers tell formats by it. */
    String fileName() {
        return fileName;
    }

    /** Returns the name of the reader on the command line and of its folder of inputs. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Returns the reader with this label.
     *
     * @throws VitrailException when there is none
     */
    static UntrustedReader ofLabel(String label) {
        for (UntrustedReader reader : values()) {
            if (reader.label().equals(label)) {
                return reader;
            }
        }
        throw new VitrailException("there is no reader " + label);
    }

    /** Reads with the first of several readers of one content; a refusal lets the next one have it. */
    private static void refusing(Runnable read) {
        try {
            read.run();
        } catch (VitrailException refused) {
            ReaderBounds.requireReadable(refused);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
