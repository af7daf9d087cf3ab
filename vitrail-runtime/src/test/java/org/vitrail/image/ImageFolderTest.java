package org.vitrail.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Shared;

class ImageFolderTest {
    @TempDir
    private Path folder;

    private byte[] picture;

    @BeforeEach
    void readAPicture() throws IOException {
        picture = ImageFolderTest.class.getResourceAsStream("decode/rgb.png").readAllBytes();
    }

    @Test
    void opensAFlatFolderInTheOrderOfNames() throws IOException {
        for (String name : List.of("b.png", "a.JPG", "without-ending", "readme.txt", ".hidden.png")) {
            Files.write(folder.resolve(name), name.equals("readme.txt") ? new byte[] {'h', 'i'} : picture);
        }
        ImageFolder images = ImageFolder.open(folder);
        assertThat(names(images)).containsExactly("a.JPG", "b.png", "without-ending");
        assertThat(images.image(2).width()).isEqualTo(23);
        assertThat(images.label(0)).isEmpty();
    }

    @Test
    void labelsClassFoldersInTheOrderOfTheirNames() throws IOException {
        write("tench/2.png", "tench/1.png", "goldfish/x/3.png", "goldfish/1.png");
        Files.createDirectory(folder.resolve("empty"));
        ImageFolder images = ImageFolder.open(folder);
        assertThat(images.classes()).containsExactly("goldfish", "tench");
        assertThat(names(images)).containsExactly("goldfish/1.png", "goldfish/x/3.png", "tench/1.png", "tench/2.png");
        assertThat(labels(images)).containsExactly(0, 0, 1, 1);
    }

    @Test
    void takesLabelsAndFilesFromTheLabelsFile() throws IOException {
        write("a.png", "b.png", "not-listed.png");
        for (String header : List.of("", "file,label\n", "\ufefffile,label\r\n")) {
            Files.writeString(folder.resolve("labels.csv"), header + "b.png,3\n\n\"a.png\", 7\n");
            ImageFolder images = ImageFolder.open(folder);
            assertThat(names(images)).containsExactly("a.png", "b.png");
            assertThat(labels(images)).containsExactly(7, 3);
        }
    }

    @Test
    void namesTheLineOfALabelsFileThatIsWrong() throws IOException {
        assertLabelsRefused(
                "file,label\na.png,1\nb.png,two\n", "line 3: wanted file,label with a label from 0, got \"b.png,two\"");
        assertLabelsRefused("a.png,1\nb.png\n", "line 2");
        assertLabelsRefused("a.png,-1\nb.png,1\n", "line 1");
        assertLabelsRefused("../elsewhere.png,1\n", "outside the folder");
    }

    private void assertLabelsRefused(String csv, String sentence) throws IOException {
        Files.writeString(folder.resolve("labels.csv"), csv);
        assertThatThrownBy(() -> ImageFolder.open(folder))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void saysWhatIsWrongWithAFolder() throws IOException {
        assertThatThrownBy(() -> ImageFolder.open(folder.resolve("none")))
                .isInstanceOf(VitrailException.class)
                .hasMessage(folder.resolve("none") + ": there is no such folder");
        assertThatThrownBy(() -> ImageFolder.open(folder))
                .isInstanceOf(VitrailException.class)
                .hasMessage(folder + ": the folder holds no JPEG, PNG, WebP or BMP picture");
        Path file = Files.write(folder.resolve("a.png"), picture);
        assertThatThrownBy(() -> ImageFolder.open(file))
                .isInstanceOf(VitrailException.class)
                .hasMessage(file + ": is a file, give a folder of pictures");
    }

    @Test
    void passesOverABrokenPictureAndRemembersIt() throws IOException {
        write("1.png", "3.png");
        Files.write(folder.resolve("2.jpg"), new byte[] {1, 2, 3});
        TolerantReader reader = new TolerantReader(ImageFolder.open(folder));
        long read = IntStream.range(0, 3)
                .parallel()
                .mapToObj(reader::read)
                .filter(image -> image.isPresent())
                .count();
        assertThat(read).isEqualTo(2);
        assertThat(reader.broken()).containsExactly(folder.resolve("2.jpg") + ": not a JPEG, PNG, WebP or BMP picture");
    }

    @Test
    void failsWhereEveryPictureIsBroken() throws IOException {
        Files.write(folder.resolve("1.jpg"), new byte[] {1});
        Files.write(folder.resolve("2.jpg"), new byte[] {2});
        TolerantReader reader = new TolerantReader(ImageFolder.open(folder));
        assertThat(reader.read(1)).isEmpty();
        assertThatThrownBy(() -> reader.read(0))
                .isInstanceOf(VitrailException.class)
                .hasMessageStartingWith("none of the 2 pictures can be read; the first: " + folder.resolve("1.jpg"));
    }

    @Test
    void samplesBySeedSoThatSmallerSamplesBeginLargerOnes() throws IOException {
        for (int i = 0; i < 20; i++) {
            write(i + ".png");
        }
        ImageFolder images = ImageFolder.open(folder);
        List<String> all = names(images.shuffled(1));
        assertThat(all).containsExactlyInAnyOrderElementsOf(names(images)).isNotEqualTo(names(images));
        assertThat(names(images.sample(5, 1))).isEqualTo(all.subList(0, 5));
        assertThat(names(images.shuffled(1).slice(5, 20))).isEqualTo(all.subList(5, 20));
        assertThat(names(images.sample(5, 2))).isNotEqualTo(all.subList(0, 5));
        assertThat(images.sample(100, 1).size()).isEqualTo(20);
    }

    @Test
    @Tag("shared")
    void opensTheImagesOfTheSharedData() {
        ImageFolder images = ImageFolder.open(Shared.path("images/imagenet-val-650"));
        assertThat(images.size()).isEqualTo(650);
        assertThat(images.name(0)).isEqualTo("ILSVRC2012_val_00000347.JPEG");
        assertThat(images.label(0)).hasValue(472);
        assertThat(images.image(0).width()).isEqualTo(227);
        List<String> classes = LabelsFile.classNames(Shared.path("images/imagenet-classes.txt"));
        assertThat(classes).hasSize(1000).startsWith("tench, Tinca tinca");
    }

    private void write(String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, picture);
        }
    }

    private static List<String> names(ImageSource images) {
        return IntStream.range(0, images.size()).mapToObj(images::name).toList();
    }

    private static List<Integer> labels(ImageSource images) {
        return IntStream.range(0, images.size())
                .mapToObj(images::label)
                .map(OptionalInt::getAsInt)
                .toList();
    }
}
