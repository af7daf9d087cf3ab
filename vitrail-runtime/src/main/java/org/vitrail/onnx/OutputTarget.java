package org.vitrail.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.VitrailException;

/** Finds the file that an output's path stands for, and checks that it may be written. */
public final class OutputTarget {
    private static final int MAX_LINKS = 40;

    private OutputTarget() {}

    /**
     * Returns the file itself, with the links of the last name followed; the file may be missing, its folder must exist.
     *
     * @throws VitrailException where the path names a folder, a device, a pipe or anything else than a regular file
     */
    public static Path resolved(Path target) {
        Path file = target.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(file); links++) {
            if (links == MAX_LINKS) {
                throw new VitrailException(
                        target + " is a link that leads to itself: give the name of a file to write");
            }
            file = followed(file);
        }
        Path folder = file.getParent();
        if (folder == null || Files.isDirectory(file)) {
            throw new VitrailException(target + " is a folder: give the name of a file to write");
        }
        if (!Files.isDirectory(folder)) {
            throw new VitrailException(target + " cannot be written: there is no folder " + folder);
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file)) {
            throw new VitrailException(target + " is a device, a pipe or another special file, which is not replaced:"
                    + " give the name of a regular file to write");
        }
        return file;
    }

    private static Path followed(Path link) {
        try {
            return link.resolveSibling(Files.readSymbolicLink(link));
        } catch (IOException e) {
            throw new VitrailException(link + " is a link that cannot be followed: " + InputFile.reason(e), e);
        } catch (InvalidPathException e) {
            throw new VitrailException(link + " is a link to no path that a file can have", e);
        }
    }
}
