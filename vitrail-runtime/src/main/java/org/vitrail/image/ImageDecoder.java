package org.vitrail.image;

import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.Limits;
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
    /** See {@link Limits#MAX_PICTURE_PIXELS}. */
    public static final long MAX_PIXELS = Limits.MAX_PICTURE_PIXELS;

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
            bytes = InputFile.bytes(file, Limits.MAX_PICTURE_BYTES);
        } catch (NoSuchFileException e) {
            throw new VitrailException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new VitrailException(file + ": cannot be read (" + InputFile.reason(e) + ")", e);
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
                case PNG -> ExifOrientation.upright(stored, ExifTags.ofPng(bytes));
                case WEBP -> ExifOrientation.upright(stored, ExifTags.ofWebp(bytes));
            };
        } catch (VitrailException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // ImageIO readers throw many kinds of unchecked exceptions on broken content.
            throw new VitrailException(name + ": a broken " + format + " picture (" + InputFile.reasonOf(e) + ")", e);
        } catch (OutOfMemoryError e) {
            throw new VitrailException(
                    name + ": there is not enough memory for the picture: make it smaller,"
                            + " or give Java more memory with -Xmx",
                    e);
        }
    }

    /** Reads the samples as they are stored, so that the colour conversion does not depend on the JDK version. */
    private RgbImage decodeJpeg(byte[] bytes, String name) throws IOException {
        JpegHeader header = JpegHeader.read(bytes).orElseThrow(ImageDecoder::incomplete);
        if (header.scans() > Limits.MAX_JPEG_SCANS) {
            throw new IOException(
                    "it has " + header.scans() + " scans, more than the limit of " + Limits.MAX_JPEG_SCANS);
        }
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
        try (ImageInputStream in = new FiniteImageInputStream(bytes)) {
            reader.setInput(in, true, true);
            requireDecodable(new Size(reader.getHeight(0), reader.getWidth(0)), bytes, format, name);
            return step.apply(reader);
        } finally {
            reader.dispose();
        }
    }

    private void requireDecodable(Size size, byte[] file, ImageFormat format, String name) {
        long pixels = (long) size.width() * size.height();
        String declared = name + ": the picture declares " + size.width() + "×" + size.height() + " pixels, ";
        if (pixels > maxPixels) {
            throw new VitrailException(declared + "more than the limit of " + maxPixels);
        }
        if (Math.max(size.width(), size.height()) > Limits.MAX_PICTURE_SIDE) {
            throw new VitrailException(declared + "and a side may have at most " + Limits.MAX_PICTURE_SIDE);
        }
        long sampleBytes = pixels * format.bytesPerPixel(file);
        if (sampleBytes > Limits.MAX_SAMPLE_BYTES) {
            throw new VitrailException(declared + "whose samples take " + (sampleBytes >> 20) + " MB, more than the"
                    + " limit of " + (Limits.MAX_SAMPLE_BYTES >> 20) + " MB: make it smaller");
        }
        if (pixels > Limits.FREE_PICTURE_PIXELS + Limits.MAX_PIXELS_PER_BYTE * file.length) {
            throw new VitrailException(declared + "in a file of " + file.length + " bytes, which cannot hold them");
        }
    }

    private interface ReadStep<T> {
        T apply(ImageReader reader) throws IOException;
    }
}
