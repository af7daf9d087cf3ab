package org.vitrail.image;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.VitrailException;

/**
 * The images of a folder, sorted by name. Labels come from its {@code labels.csv} if there is one (then exactly the
 * files that it lists belong to the folder), else from its sub-folders, one for each class in the order of their names,
 * if the folder itself holds no image; otherwise there are no labels. Hidden files and files that are not images are
 * skipped.
 */
public final class ImageFolder implements ImageSource {
    private static final String LABELS_FILE = "labels.csv";
    private static final List<String> FILE_NAME_SUFFIXES = List.of(".jpg", ".jpeg", ".png", ".webp", ".bmp");

    private final Path folder;
    private final List<LabelledFile> files;
    private final List<String> classes;
    private final ImageDecoder decoder;

    private ImageFolder(Path folder, List<LabelledFile> files, List<String> classes) {
        if (files.isEmpty()) {
            throw new VitrailException(folder + ": the folder holds no JPEG, PNG, WebP or BMP picture");
        }
        this.folder = folder;
        this.files = files;
        this.classes = classes;
        this.decoder = ImageDecoder.defaults();
    }

    /** Opens a folder; throws {@link VitrailException} if it does not exist, is empty, or has unusable labels. */
    public static ImageFolder open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new VitrailException(folder
                    + (Files.exists(folder) ? ": is a file, give a folder of pictures" : ": there is no such folder"));
        }
        try {
            return read(folder);
        } catch (UncheckedIOException e) {
            throw unreadable(folder, e.getCause());
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static VitrailException unreadable(Path folder, IOException e) {
        return new VitrailException(folder + ": the folder cannot be read (" + InputFile.reason(e) + ")", e);
    }

    private static ImageFolder read(Path folder) throws IOException {
        if (Files.exists(folder.resolve(LABELS_FILE))) {
            return new ImageFolder(folder, LabelsFile.read(folder.resolve(LABELS_FILE)), List.of());
        }
        List<Path> flat = pictures(folder, 1);
        if (!flat.isEmpty()) {
            return new ImageFolder(folder, labelled(flat, OptionalInt.empty()), List.of());
        }
        List<LabelledFile> files = new ArrayList<>();
        List<String> classes = new ArrayList<>();
        for (Path subfolder : subfolders(folder)) {
            List<Path> pictures = pictures(subfolder, Integer.MAX_VALUE);
            if (!pictures.isEmpty()) {
                files.addAll(labelled(pictures, OptionalInt.of(classes.size())));
                classes.add(subfolder.getFileName().toString());
            }
        }
        return new ImageFolder(folder, List.copyOf(files), List.copyOf(classes));
    }

    private static List<LabelledFile> labelled(List<Path> files, OptionalInt label) {
        return files.stream().map(file -> new LabelledFile(file, label)).toList();
    }

    private static List<Path> subfolders(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .sorted(Comparator.comparing(ImageFolder::unixName))
                    .toList();
        }
    }

    private static List<Path> pictures(Path folder, int depth) throws IOException {
        try (Stream<Path> entries = Files.walk(folder, depth, FileVisitOption.FOLLOW_LINKS)) {
            return entries.filter(Files::isRegularFile)
                    .filter(ImageFolder::isPicture)
                    .sorted(Comparator.comparing(ImageFolder::unixName))
                    .toList();
        }
    }

    /**
     * Returns whether the file has the suffix of an image, so that a broken image is noticed, or the content of one.
     */
    private static boolean isPicture(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.startsWith(".")) {
            return false;
        }
        if (FILE_NAME_SUFFIXES.stream().anyMatch(name::endsWith)) {
            return true;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return ImageFormat.of(in.readNBytes(ImageFormat.SIGNATURE_LENGTH)).isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public int size() {
        return files.size();
    }

    @Override
    public RgbImage image(int index) {
        return decoder.decode(files.get(index).file());
    }

    /** The path relative to the folder, with forward slashes. */
    @Override
    public String name(int index) {
        return unixName(folder.relativize(files.get(index).file()));
    }

    @Override
    public OptionalInt label(int index) {
        return files.get(index).label();
    }

    private static String unixName(Path path) {
        return path.toString().replace(File.separatorChar, '/');
    }

    /** The names of the class sub-folders by label; empty where labels come from elsewhere. */
    public List<String> classes() {
        return classes;
    }
}
