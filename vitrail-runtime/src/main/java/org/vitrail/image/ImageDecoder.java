package org.vitrail.image;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.vitrail.tensor.VitrailException;

/**
 * Reads JPEG, PNG, WebP and BMP into RGB as Pillow's {@code convert("RGB")} does: colour profiles are not applied,
 * transparency is dropped, 16 bits lose their lower half, ink (CMYK, YCCK) is multiplied out; and a photograph taken
 * with a turned camera is set upright. The content decides on the format, not the file's name. Safe for use by many
 * threads.
 *
 * @param maxPixels a picture that declares more is refused before memory is taken for it
 */
public record ImageDecoder(long maxPixels) {
    /** One hundred megapixels: beyond any sensible model input, and a decompression bomb more likely than a picture. */
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

    /** The picture in a file; throws {@link VitrailException} with one sentence that names the file. */
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

    /** The picture in these bytes, called {@code name} in messages. */
    public RgbImage decode(byte[] bytes, String name) {
        ImageFormat format = ImageFormat.of(bytes)
                .orElseThrow(() -> new VitrailException(name + ": not a JPEG, PNG, WebP or BMP picture"));
        try {
            return format == ImageFormat.JPEG
                    ? decodeJpeg(bytes, name)
                    : ColourConversion.of(read(format, bytes, name, reader -> reader.read(0)));
        } catch (VitrailException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Readers meet broken content with all kinds of unchecked exceptions.
            throw new VitrailException(name + ": a broken " + format + " picture (" + e.getMessage() + ")", e);
        }
    }

    /** Takes the samples as they are stored, so that colour conversion is ours and not that of some JDK version. */
    private RgbImage decodeJpeg(byte[] bytes, String name) throws IOException {
        JpegHeader header = JpegHeader.read(bytes)
                .filter(JpegHeader::complete)
                .orElseThrow(() -> new EOFException("the file ends before the picture does"));
        Raster samples = read(ImageFormat.JPEG, bytes, name, reader -> reader.readRaster(0, null));
        return ExifOrientation.upright(ColourConversion.ofJpeg(samples, header), header.orientation());
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
