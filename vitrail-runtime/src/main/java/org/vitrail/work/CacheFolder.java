package org.vitrail.work;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds Vitrail's cache folder, in which downloaded models and unpacked native libraries are kept. */
public final class CacheFolder {
    private static Path nativeLibraries;

    private CacheFolder() {}

    /**
     * Returns {@code VITRAIL_CACHE}, else {@code XDG_CACHE_HOME/vitrail}, else {@code ~/.cache/vitrail}; empty where
     * there is no home folder either. Java calls it "?" where neither HOME nor the system's list of users has one.
     */
    public static Optional<Path> of(Map<String, String> environment) {
        try {
            return path(environment, "VITRAIL_CACHE")
                    .or(() -> path(environment, "XDG_CACHE_HOME")
                            .filter(Path::isAbsolute)
                            .or(() -> path(environment, "HOME")
                                    .or(() -> Optional.of(Path.of(System.getProperty("user.home", "?"))))
                                    .filter(Path::isAbsolute)
                                    .map(home -> home.resolve(".cache")))
                            .map(caches -> caches.resolve("vitrail")));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns a folder for unpacked native libraries: that of the cache, or where there is none a private temporary folder,
     * which is deleted when the process ends. A folder that other users could write to would let them choose what is
     * loaded.
     *
     * @throws UncheckedIOException where no temporary folder can be made
     */
    public static synchronized Path ofNativeLibraries() {
        if (nativeLibraries == null) {
            nativeLibraries =
                    of(System.getenv()).map(cache -> cache.resolve("native")).orElseGet(CacheFolder::temporary);
        }
        return nativeLibraries;
    }

    private static Path temporary() {
        try {
            Path folder = Files.createTempDirectory("vitrail-native");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            // Left for the system to clean up.
        }
    }

    private static Optional<Path> path(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .map(Path::of);
    }
}
