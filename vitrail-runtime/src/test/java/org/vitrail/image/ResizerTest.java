package org.vitrail.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.vitrail.testing.Shared;

class ResizerTest {
    private final ImageDecoder decoder = ImageDecoder.defaults();

    @Test
    @Tag("shared")
    void givesPillowsPixelsForEveryFilterAndSize() throws IOException {
        Path folder = Shared.path("vectors/resize");
        List<String> cases = Files.readAllLines(folder.resolve("cases.csv"));
        assertThat(cases).hasSize(41);
        for (String line : cases.subList(1, cases.size())) {
            String[] fields = line.split(",", -1);
            RgbImage source = decoder.decode(folder.resolve(fields[0]));
            ResizeFilter filter = ResizeFilter.ofName(fields[1]).orElseThrow();
            Size size = new Size(Integer.parseInt(fields[3]), Integer.parseInt(fields[2]));

            RgbImage resized = Resizer.resize(source, size, filter);

            assertThat(resized).as(line).isEqualTo(decoder.decode(folder.resolve(fields[4])));
        }
    }

    @Test
    void keepsThePictureThatHasTheSizeAlready() {
        RgbImage image = Pictures.noise(7, 5, 1);
        assertThat(Resizer.resize(image, new Size(5, 7), ResizeFilter.BICUBIC)).isSameAs(image);
    }

    @Test
    void keepsAPlainColourWhateverTheFilter() {
        RgbImage image = Pictures.plain(31, 17, 10, 200, 255);
        for (ResizeFilter filter : ResizeFilter.values()) {
            assertThat(Resizer.resize(image, new Size(40, 9), filter))
                    .as(filter.label())
                    .isEqualTo(Pictures.plain(9, 40, 10, 200, 255));
        }
    }

    @Test
    void averagesWhatABoxShrinks() {
        RgbImage image = RgbImage.of(2, 2, new byte[] {0, 0, 0, 4, 8, 12, 4, 8, 12, 8, 16, 24});
        assertThat(Resizer.resize(image, Size.square(1), ResizeFilter.BOX).pixels())
                .containsExactly(4, 8, 12);
    }
}
