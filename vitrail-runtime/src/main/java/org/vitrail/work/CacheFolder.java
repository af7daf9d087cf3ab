package org.vitrail.work;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds Vitrail's cache folder, in which downloaded models and unpacked native libraries are kept. */
public final class CacheFolder {
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

    private static Optional<Path> path(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .map(Path::of);
    }
}
