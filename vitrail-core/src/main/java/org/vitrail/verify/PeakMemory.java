package org.vitrail.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.engine.EngineProvider;
import org.vitrail.engine.Engines;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/**
 * Measures the peak resident memory of a program that loads a model and runs it with batch size one. The program is
 * this class's {@code main} in a separate Java process, because within one process the memory of a model cannot be told
 * from earlier memory.
 */
public final class PeakMemory {
    private static final Path PROC_STATUS = Path.of("/proc/self/status");
    private static final int MEASURED_RUNS = 3;

    private PeakMemory() {}

    /**
     * Returns the peak in bytes, including the Java machine's own (about 60 MB); empty where the system does not report
     * it (systems other than Linux).
     *
     * @param model an ONNX file
     * @param engines what runs it; found by its name in the other Java machine
     * @param threads that work on one run
     */
    public static OptionalLong peakBytes(Path model, EngineProvider engines, int threads) {
        if (!Files.isReadable(PROC_STATUS)) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseLong(runInFreshProcess(model.toString(), engines, threads)));
    }

    /** The last line that the program prints. */
    private static String runInFreshProcess(String model, EngineProvider engines, int threads) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(thisProgram());
        command.addAll(List.of(model, engines.name(), Integer.toString(threads)));
        ProcessBuilder program = new ProcessBuilder(command);
        program.environment().put("ORT_DISABLE_TELEMETRY", "1");
        try {
            Process process = program.redirectErrorStream(true).start();
            List<String> lines = process.inputReader().lines().toList();
            if (process.waitFor() == 0 && !lines.isEmpty()) {
                return lines.getLast();
            }
            throw new VitrailException("the memory of " + model + " cannot be measured: " + String.join(" ", lines));
        } catch (IOException e) {
            throw new VitrailException("the memory of " + model + " cannot be measured: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while memory was measured", e);
        }
    }

    /** Java's options that start this class from the class path or module path that it was loaded from. */
    private static List<String> thisProgram() {
        Module module = PeakMemory.class.getModule();
        return module.isNamed()
                ? List.of(
                        "--module-path",
                        System.getProperty("jdk.module.path"),
                        "--module",
                        module.getName() + "/" + PeakMemory.class.getName())
                : List.of("-cp", System.getProperty("java.class.path"), PeakMemory.class.getName());
    }

    /** Loads the model and runs it, then prints the peak of this process in bytes. */
    public static void main(String[] arguments) {
        Path model = Path.of(arguments[0]);
        Map<String, Tensor> inputs = DummyInputs.of(OnnxFile.read(model), 1);
        try (Engine engine = Engines.named(arguments[1])
                .open(model, EngineOptions.defaults().withThreads(Integer.parseInt(arguments[2])))) {
            for (int run = 0; run < MEASURED_RUNS; run++) {
                engine.run(inputs);
            }
        }
        System.out.println(ofThisProcess().orElseThrow());
    }

    /** Returns the peak of this process so far, in bytes; empty where the system does not report it. */
    public static OptionalLong ofThisProcess() {
        try (Stream<String> lines = Files.lines(PROC_STATUS)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
