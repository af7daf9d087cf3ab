package org.vitrail.linalg;

import java.nio.file.Path;
import org.bytedeco.openblas.global.openblas;
import org.vitrail.work.CacheFolder;

/**
 * Starts OpenBLAS. JavaCPP, which loads it, unpacks its library into a folder of its own in the user's home, and into a
 * folder called "?" where there is none; here it is told to use Vitrail's cache, or a private temporary folder.
 */
final class OpenBlas {
    private static final String CACHE_PROPERTY = "org.bytedeco.javacpp.cachedir";

    private OpenBlas() {}

    /** Loads the library, which afterwards computes on one thread. */
    static void start() {
        if (System.getProperty(CACHE_PROPERTY) == null) {
            Path folder = CacheFolder.ofNativeLibraries().resolve("javacpp");
            System.setProperty(CACHE_PROPERTY, folder.toAbsolutePath().toString());
        }
        openblas.blas_set_num_threads(1);
    }
}
