package org.vitrail.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrail.tensor.VitrailException;

/**
 * Compares decoded images with Pillow 13, which also made the files. Only lossy WebP, whose colour is stored at half
 * the resolution, is not compared for equality: the standard does not define its interpolation.
 */
class ImageDecoderTest {
    private final ImageDecoder decoder = ImageDecoder.defaults();

    @Test
    void readsThePixelsThatPillowReads() throws IOException {
        List<String> cases = Files.readAllLines(resource("cases.csv"));
        assertThat(cases).hasSizeGreaterThan(20);
        for (String line : cases.subList(1, cases.size())) {
            String[] names = line.split(",", -1);
            RgbImage read = decoder.decode(resource(names[0]));
            RgbImage expected = decoder.decode(resource(names[1]));
            assertThat(read.width()).as(line).isEqualTo(expected.width());
            assertThat(Pictures.largestDifference(read, expected))
                    .as(line)
                    .isLessThanOrEqualTo(Integer.parseInt(names[2]));
        }
    }

    @Test
    void keepsTheUpperEightOfSixteenBits() {
        RgbImage read = decoder.decode(resource("grey16.png"));
        for (int i = 0; i < 12; i++) {
            assertThat(read.sample(i % 4, i / 4, 1)).isEqualTo((5000 * i + 77) >> 8);
        }
    }

    @Test
    void setsTurnedPhotographsOfEveryFormatUpright() {
        RgbImage jpeg = decoder.decode(resource("exif6.jpg"));
        for (String name : List.of("exif6.png", "exif6.webp")) {
            RgbImage read = decoder.decode(resource(name));
            assertThat(read.width()).as(name).isEqualTo(jpeg.width()).isEqualTo(120);
            assertThat(read.height()).as(name).isEqualTo(jpeg.height()).isEqualTo(160);
            long difference = 0;
            for (int i = 0; i < read.pixels().length; i++) {
                difference += Math.abs((read.pixels()[i] & 0xff) - (jpeg.pixels()[i] & 0xff));
            }
            assertThat((double) difference / read.pixels().length).as(name).isLessThan(6);
        }
    }

    @Test
    void readsAJpegThatLacksOnlyItsEndMarkerAndRefusesOneThatLacksSamples() throws IOException {
        byte[] unended = Files.readAllBytes(resource("noeoi.jpg"));

        assertThat(decoder.decode(unended, "noeoi.jpg"))
                .isEqualTo(decoder.decode(JpegHeader.withEnd(unended), "ended.jpg"));

        for (int missing : new int[] {200, 1000, unended.length / 2}) {
            assertThatThrownBy(() -> decoder.decode(Arrays.copyOf(unended, unended.length - missing), "cut.jpg"))
                    .as("%d bytes missing", missing)
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("the file ends before the image is complete");
        }
    }

    @Test
    void setsATurnedPhotographUpright() throws IOException {
        byte[] upright = Files.readAllBytes(resource("rgb.jpg"));
        RgbImage stored = decoder.decode(upright, "rgb.jpg");
        int right = stored.width() - 1;
        int bottom = stored.height() - 1;
        // For each orientation: the positions of the stored image's top left and top right corners.
        int[][] corners = {
            {0, 0, right, 0},
            {right, 0, 0, 0},
            {right, bottom, 0, bottom},
            {0, bottom, right, bottom},
            {0, 0, 0, right},
            {bottom, 0, bottom, right},
            {bottom, right, bottom, 0},
            {0, right, 0, 0}
        };
        for (int orientation = 1; orientation <= 8; orientation++) {
            for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
                RgbImage turned = decoder.decode(withOrientation(upright, orientation, order), "turned.jpg");
                int[] corner = corners[orientation - 1];
                boolean sideways = orientation > 4;
                assertThat(turned.width()).isEqualTo(sideways ? stored.height() : stored.width());
                assertThat(turned.height()).isEqualTo(sideways ? stored.width() : stored.height());
                for (int channel = 0; channel < 3; channel++) {
                    assertThat(turned.sample(corner[0], corner[1], channel))
                            .as("orientation %d, top left", orientation)
                            .isEqualTo(stored.sample(0, 0, channel));
                    assertThat(turned.sample(corner[2], corner[3], channel))
                            .as("orientation %d, top right", orientation)
                            .isEqualTo(stored.sample(right, 0, channel));
                }
            }
        }
    }

    @Test
    void goesByTheContentAndNotByTheEnding(@TempDir Path folder) throws IOException {
        Path misnamed = Files.copy(resource("rgb.png"), folder.resolve("picture.jpg"));
        assertThat(decoder.decode(misnamed)).isEqualTo(decoder.decode(resource("rgb.png")));
    }

    @Test
    void refusesATruncatedFileOfEveryFormat() throws IOException {
        for (String name :
                new String[] {"rgb.jpg", "progressive.jpg", "rgb.png", "lossless.webp", "lossy.webp", "rgb.bmp"}) {
            byte[] whole = Files.readAllBytes(resource(name));
            for (int length : new int[] {whole.length / 2, whole.length * 4 / 5}) {
                assertThatThrownBy(() -> decoder.decode(Arrays.copyOf(whole, length), name))
                        .as("%s, %d bytes", name, length)
                        .isInstanceOf(VitrailException.class)
                        .hasMessageStartingWith(name + ": a broken ");
            }
        }
    }

    @Test
    void namesTheFileThatIsMissingOrNoPicture(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("missing.png");
        assertThatThrownBy(() -> decoder.decode(missing))
                .isInstanceOf(VitrailException.class)
                .hasMessage(missing + ": there is no such file");
        Path text = Files.writeString(folder.resolve("notes.jpg"), "no picture");
        assertThatThrownBy(() -> decoder.decode(text))
                .isInstanceOf(VitrailException.class)
                .hasMessage(text + ": not a JPEG, PNG, WebP or BMP picture");
    }

    @Test
    void refusesAPictureThatDeclaresMorePixelsThanTheLimit() throws IOException {
        assertThatThrownBy(() -> decoder.decode(pngHeader(50_000, 40_000), "bomb.png"))
                .isInstanceOf(VitrailException.class)
                .hasMessage("bomb.png: the picture declares 50000×40000 pixels, more than the limit of 100000000");
        byte[] small = Files.readAllBytes(resource("rgb.jpg"));
        assertThatThrownBy(() -> new ImageDecoder(100).decode(small, "small.jpg"))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("23×17");
    }

    @Test
    void refusesGarbageBehindEverySignature() {
        for (String signature :
                new String[] {"\u00ff\u00d8\u00ff", "\u0089PNG\r\n\u001a\n", "RIFF\0\0\0\0WEBP", "BM"}) {
            byte[] garbage = Arrays.copyOf(signature.getBytes(StandardCharsets.ISO_8859_1), 200);
            assertThatThrownBy(() -> decoder.decode(garbage, "garbage"))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageStartingWith("garbage: a broken ");
        }
    }

    private static Path resource(String name) {
        try {
            return Path.of(ImageDecoderTest.class.getResource("decode/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the JPEG file with an EXIF segment after its first two bytes. */
    private static byte[] withOrientation(byte[] jpeg, int orientation, ByteOrder order) {
        ByteBuffer tiff = ByteBuffer.allocate(26).order(order);
        tiff.putShort((short) (order == ByteOrder.BIG_ENDIAN ? 0x4d4d : 0x4949));
        tiff.putShort((short) 42).putInt(8).putShort((short) 1);
        tiff.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0});
        out.writeBytes(tiff.array());
        out.write(jpeg, 2, jpeg.length - 2);
        return out.toByteArray();
    }

    private static byte[] pngHeader(int width, int height) {
        ByteBuffer png = ByteBuffer.allocate(45);
        png.putLong(0x89504e470d0a1a0aL).putInt(13).put("IHDR".getBytes(StandardCharsets.US_ASCII));
        png.putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0});
        CRC32 crc = new CRC32();
        crc.update(png.array(), 12, 17);
        png.putInt((int) crc.getValue());
        png.putInt(0).put("IEND".getBytes(StandardCharsets.US_ASCII)).putInt(0xae426082);
        return png.array();
    }
}
