package org.vitrail.image;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.VitrailException;

/**
 * Reads the two text files that label images: {@code labels.csv} (a line {@code file,label} for each image, labels from
 * 0, with or without a header line) and a list of class names (one for each line, in label order).
 */
public final class LabelsFile {
    private LabelsFile() {}

    /** Reads the names of the classes, by label; throws {@link VitrailException} if there are none. */
    public static List<String> classNames(Path file) {
        List<String> names = new ArrayList<>(lines(file));
        while (!names.isEmpty() && names.getLast().isBlank()) {
            names.removeLast();
        }
        if (names.isEmpty()) {
            throw new VitrailException(file + ": wanted one class name on each line, but the file is empty");
        }
        return names.stream().map(String::strip).toList();
    }

    /** Reads the images that a labels file lists, sorted by name; they must lie in its folder or below it. */
    static List<LabelledFile> read(Path csv) {
        Path folder = csv.toAbsolutePath().normalize().getParent();
        List<LabelledFile> files = new ArrayList<>();
        List<String> lines = lines(csv);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            int comma = line.lastIndexOf(',');
            String number = line.substring(comma + 1).strip();
            OptionalInt label = label(number);
            boolean header = i == 0 && comma > 0 && !number.matches("-?[0-9]+");
            if (line.isEmpty() || header) {
                continue;
            }
            if (comma <= 0 || label.isEmpty()) {
                throw new VitrailException(
                        csv + ", line " + (i + 1) + ": wanted file,label with a label from 0, got \"" + line + "\"");
            }
            Path file = sibling(csv, unquoted(line.substring(0, comma)), i + 1);
            if (!file.toAbsolutePath().normalize().startsWith(folder)) {
                throw new VitrailException(csv + ", line " + (i + 1) + ": " + file + " is outside the folder");
            }
            files.add(new LabelledFile(file, label));
        }
        files.sort(Comparator.comparing(labelled -> labelled.file().toString()));
        return List.copyOf(files);
    }

    private static Path sibling(Path csv, String name, int line) {
        try {
            return csv.resolveSibling(name);
        } catch (InvalidPathException e) {
            throw new VitrailException(
                    csv + ", line " + line + ": \"" + name + "\" is no name that a file can have", e);
        }
    }

    private static OptionalInt label(String text) {
        try {
            int label = Integer.parseInt(text);
            return label >= 0 ? OptionalInt.of(label) : OptionalInt.empty();
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private static String unquoted(String name) {
        String stripped = name.strip();
        boolean quoted = stripped.length() > 1 && stripped.startsWith("\"") && stripped.endsWith("\"");
        return quoted ? stripped.substring(1, stripped.length() - 1) : stripped;
    }

    private static List<String> lines(Path file) {
        try {
            String text = InputFile.text(file);
            return (text.startsWith("\ufeff") ? text.substring(1) : text)
                    .lines()
                    .toList();
        } catch (CharacterCodingException e) {
            throw new VitrailException(file + ": not a text file in UTF-8", e);
        } catch (IOException e) {
            throw new VitrailException(file + ": cannot be read (" + InputFile.reason(e) + ")", e);
        }
    }
}
