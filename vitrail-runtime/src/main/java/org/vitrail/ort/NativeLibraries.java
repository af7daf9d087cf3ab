package org.vitrail.ort;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.vitrail.tensor.VitrailException;
import org.vitrail.work.CacheFolder;

/**
 * Keeps ONNX Runtime's native libraries in Vitrail's cache. ONNX Runtime itself would unpack them into the temporary
 * folder at every start, and leave them there where the process is killed. A library in the cache is used only if it
 * equals the one in ONNX Runtime's jar, byte for byte.
 */
final class NativeLibraries {
    private static final String PATH_PROPERTY = "onnxruntime.native.path";
    private static final List<String> LIBRARIES = List.of("onnxruntime", "onnxruntime4j_jni");

    private NativeLibraries() {}

    /**
     * Makes ONNX Runtime load its libraries from the cache, unless the user names another folder. Where the
     * cache cannot be written, ONNX Runtime unpacks them as it does by itself.
     *
     * @throws VitrailException where the temporary folder, which ONNX Runtime needs in any case, cannot be used
     */
    static void prepare() {
        requireTemporaryFolder();
        if (System.getProperty(PATH_PROPERTY) == null) {
            folder().ifPresent(folder -> System.setProperty(PATH_PROPERTY, folder.toString()));
        }
    }

    private static void requireTemporaryFolder() {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new VitrailException("the temporary folder " + folder + " does not exist or cannot be written: name"
                    + " another with VITRAIL_JAVA_OPTS=-Djava.io.tmpdir=FOLDER");
        }
    }

    private static Optional<Path> folder() {
        String version = OrtEnvironment.class.getPackage().getImplementationVersion();
        Path folder = CacheFolder.ofNativeLibraries()
                .resolve("onnxruntime-" + (version == null ? "" : version + "-") + platform());
        try {
            Files.createDirectories(folder);
            for (String library : LIBRARIES) {
                if (!isKept(folder, System.mapLibraryName(library))) {
                    return Optional.empty();
                }
            }
            return Optional.of(folder.toAbsolutePath());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns whether the cache holds a library, which is written where it is missing or different. */
    private static boolean isKept(Path folder, String name) throws IOException {
        byte[] packed;
        try (InputStream in =
                OrtEnvironment.class.getResourceAsStream("/ai/onnxruntime/native/" + platform() + "/" + name)) {
            if (in == null) {
                return false;
            }
            packed = in.readAllBytes();
        }
        Path file = folder.resolve(name);
        if (!equals(file, packed)) {
            Path temporary = Files.createTempFile(folder, "." + name, ".tmp");
            try {
                Files.write(temporary, packed);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        }
        return true;
    }

    private static boolean equals(Path file, byte[] packed) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) == packed.length
                && Arrays.equals(Files.readAllBytes(file), packed);
    }

    /** The name of this platform in ONNX Runtime's jar, such as linux-x64. */
    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return (system.contains("mac") ? "osx" : system.contains("win") ? "win" : "linux")
                + (processor.equals("amd64") || processor.equals("x86_64") ? "-x64" : "-" + processor);
    }
}
