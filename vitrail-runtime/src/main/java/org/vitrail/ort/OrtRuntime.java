package org.vitrail.ort;

import ai.onnxruntime.OrtEnvironment;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.VitrailException;

/**
 * ONNX Runtime as this process has it, with its telemetry off. Version 1.29 reports to its makers from Linux and macOS
 * too, and while it begins to do so, it matches the command line with a recursive pattern that overflows the usual
 * stack when the line is long (ONNX Runtime issue 32173 is another crash there). The environment variable
 * {@code ORT_DISABLE_TELEMETRY=1}, which only the process's parent can set, avoids both entirely; without it, starting
 * on a large stack avoids the crash, and one event is queued before telemetry can be turned off.
 */
final class OrtRuntime {
    private static final long STACK_BYTES = 64L << 20;
    private static OrtEnvironment environment;

    private OrtRuntime() {}

    static synchronized OrtEnvironment environment() {
        if (environment == null) {
            environment = start();
        }
        return environment;
    }

    private static OrtEnvironment start() {
        NativeLibraries.prepare();
        FutureTask<OrtEnvironment> starting = new FutureTask<>(() -> {
            OrtEnvironment started = OrtEnvironment.getEnvironment();
            started.setTelemetry(false);
            return started;
        });
        new Thread(null, starting, "vitrail-onnxruntime", STACK_BYTES).start();
        try {
            return starting.get();
        } catch (ExecutionException e) {
            throw new VitrailException(
                    "ONNX Runtime does not start on this machine (" + InputFile.reasonOf(rootOf(e))
                            + "): check that the"
                            + " temporary folder " + System.getProperty("java.io.tmpdir")
                            + " has space and may hold programs",
                    e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while ONNX Runtime was starting", e);
        }
    }

    private static Throwable rootOf(Throwable e) {
        Throwable root = e;
        for (int i = 0; i < 20 && root.getCause() != null; i++) {
            root = root.getCause();
        }
        return root;
    }
}
