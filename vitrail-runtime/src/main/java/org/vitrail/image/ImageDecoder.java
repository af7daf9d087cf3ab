package org.vitrail.image;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.vitrail.tensor.VitrailException;

/**
 * Decodes JPEG, PNG, WebP and BMP to RGB as Pillow's {@code convert("RGB")} does: colour profiles are not applied,
 * transparency is dropped, 16-bit samples lose their lower half, CMYK and YCCK are multiplied out; and images are
 * turned upright by their EXIF orientation. The format is determined by the content, not by the file's name.
 * Thread-safe.
 *
 * @param maxPixels images that declare more pixels are rejected before memory is allocated for them
 */
public record ImageDecoder(long maxPixels) {
    /** One hundred megapixels: far beyond model inputs; a larger image is more likely a decompression bomb. */
    public static final long MAX_PIXELS = 100_000_000;

    static {
        ImageIO.setUseCache(false);
    }

    public ImageDecoder {
        if (maxPixels < 1) {
            throw new IllegalArgumentException("the largest number of pixels must be positive, got " + maxPixels);
        }
    }

    public static ImageDecoder defaults() {
        return new ImageDecoder(MAX_PIXELS);
    }

    /** Decodes an image file; throws {@link VitrailException} with one sentence that names the file. */
    public RgbImage decode(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new VitrailException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new VitrailException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
        return decode(bytes, file.toString());
    }

    /** Decodes these bytes, called {@code name} in messages. */
    public RgbImage decode(byte[] bytes, String name) {
        ImageFormat format = ImageFormat.of(bytes)
                .orElseThrow(() -> new VitrailException(name + ": not a JPEG, PNG, WebP or BMP picture"));
        try {
            if (format == ImageFormat.JPEG) {
                return decodeJpeg(bytes, name);
            }
            RgbImage stored = RgbImage.of(read(format, bytes, name, reader -> reader.read(0)));
            return switch (format) {
                case JPEG, BMP -> stored;
                case PNG -> ExifOrientation.upright(stored, ExifOrientation.ofPng(bytes));
                case WEBP -> ExifOrientation.upright(stored, ExifOrientation.ofWebp(bytes));
            };
        } catch (VitrailException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // ImageIO readers throw many kinds of unchecked exceptions on broken content.
            throw new VitrailException(name + ": a broken " + format + " picture (" + e.getMessage() + ")", e);
        }
    }

    /** Reads the samples as they are stored, so that the colour conversion does not depend on the JDK version. */
    private RgbImage decodeJpeg(byte[] bytes, String name) throws IOException {
        JpegHeader header = JpegHeader.read(bytes).orElseThrow(ImageDecoder::incomplete);
        Raster samples = header.complete()
                ? read(ImageFormat.JPEG, bytes, name, reader -> reader.readRaster(0, null))
                : read(ImageFormat.JPEG, JpegHeader.withEnd(bytes), name, ImageDecoder::readWithoutWarnings);
        return ExifOrientation.upright(
                RgbImage.of(samples.getWidth(), samples.getHeight(), ColourConversion.ofJpeg(samples, header)),
                header.orientation());
    }

    /** Reads a file that lacked its end marker: whole if the decoder misses nothing else. */
    private static Raster readWithoutWarnings(ImageReader reader) throws IOException {
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        Raster samples = reader.readRaster(0, null);
        if (!warnings.isEmpty()) {
            throw incomplete();
        }
        return samples;
    }

    private static EOFException incomplete() {
        return new EOFException("the file ends before the image is complete");
    }

    private <T> T read(ImageFormat format, byte[] bytes, String name, ReadStep<T> step) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format.name()).next();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in, true, true);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > maxPixels) {
                throw new VitrailException(name + ": the picture declares " + reader.getWidth(0) + "×"
                        + reader.getHeight(0) + " pixels, more than the limit of " + maxPixels);
            }
            return step.apply(reader);
        } finally {
            reader.dispose();
        }
    }

    private interface ReadStep<T> {
        T apply(ImageReader reader) throws IOException;
    }
}
