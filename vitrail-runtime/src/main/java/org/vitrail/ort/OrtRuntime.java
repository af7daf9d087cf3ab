package org.vitrail.ort;

import ai.onnxruntime.OrtEnvironment;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

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
        FutureTask<OrtEnvironment> starting = new FutureTask<>(() -> {
            OrtEnvironment started = OrtEnvironment.getEnvironment();
            started.setTelemetry(false);
            return started;
        });
        new Thread(null, starting, "vitrail-onnxruntime", STACK_BYTES).start();
        try {
            return starting.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("ONNX Runtime does not start on this machine", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while ONNX Runtime was starting", e);
        }
    }
}
