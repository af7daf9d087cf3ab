package org.vitrail.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.vitrail.tensor.VitrailException;

/** Rejects PyTorch's own checkpoints, which are Python pickles: opening one can run any code. */
final class Pickles {
    private static final Set<String> EXTENSIONS = Set.of("bin", "pt", "pth", "ckpt", "pkl", "pickle");

    private Pickles() {}

    /** Throws for a pickle, in a zip file or bare, and explains how to save its weights as safetensors. */
    static void refuse(Path file) throws IOException {
        if (Safetensors.looksLike(file) || !isPickle(file)) {
            return;
        }
        throw new VitrailException(file
                + ": this is a Python pickle, which can run any code when it is opened, so it is"
                + " not read; save the weights as safetensors in Python: from safetensors.torch import save_file;"
                + " save_file(torch.load(\"" + file.getFileName() + "\", weights_only=True), \"model.safetensors\")");
    }

    static boolean isPickle(Path file) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1))) {
            return true;
        }
        try (var in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(2);
            boolean bare = start.length == 2 && start[0] == (byte) 0x80 && start[1] >= 2 && start[1] <= 5;
            boolean zip = start.length == 2 && start[0] == 'P' && start[1] == 'K';
            return bare || (zip && holdsPickle(file));
        }
    }

    private static boolean holdsPickle(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.stream().anyMatch(entry -> entry.getName().endsWith("data.pkl"));
        } catch (ZipException e) {
            return false;
        }
    }
}
