package org.vitrail.benchmarks;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.vitrail.report.TextTable;
import org.vitrail.report.TextTable.Column;
import org.vitrail.report.Units;
import org.vitrail.tensor.VitrailException;
import org.vitrail.verify.CpuInfo;
import org.vitrail.verify.FiveNumberSummary;

/**
 * The time that a whole process takes, from its start to its end, to load a classifier and classify one picture. Each
 * class path that is named is measured, in interleaved rounds, so that versions of the library are compared.
 *
 * <pre>vitrail-benchmarks/run ColdStartBenchmark MODEL.onnx PICTURE CLASS-PATH...</pre>
 */
public final class ColdStartBenchmark {
    private static final int ROUNDS = 7;
    private static final double NANOS_PER_MILLI = 1e6;

    private ColdStartBenchmark() {}

    public static void main(String[] arguments) {
        System.exit(Targets.run(ColdStartBenchmark::measure, System.out, System.err, arguments));
    }

    private static void measure(List<String> arguments, Targets targets) {
        if (arguments.size() < 3) {
            throw new VitrailException("expected MODEL.onnx PICTURE CLASS-PATH..., got " + arguments);
        }
        List<String> classPaths = arguments.subList(2, arguments.size());
        double[][] millis = new double[classPaths.size()][ROUNDS];
        // The first round fills the system's cache of files.
        for (int round = -1; round < ROUNDS; round++) {
            for (int i = 0; i < classPaths.size(); i++) {
                double taken = millis(classPaths.get(i), arguments.get(0), arguments.get(1));
                if (round >= 0) {
                    millis[i][round] = taken;
                }
            }
        }
        targets.say(CpuInfo.detect().describe() + "; " + ROUNDS + " interleaved rounds");
        TextTable table =
                new TextTable(Column.left("Class path"), Column.right("median"), Column.right("half of the rounds"));
        for (int i = 0; i < classPaths.size(); i++) {
            FiveNumberSummary summary = FiveNumberSummary.of(millis[i]);
            table.row(
                    Integer.toString(i + 1),
                    Units.millis(summary.median()),
                    Units.millis(summary.lowerQuartile()) + " – " + Units.millis(summary.upperQuartile()));
        }
        table.lines().forEach(targets::say);
    }

    /** The time of one process, in milliseconds. */
    private static double millis(String classPath, String model, String picture) {
        ProcessBuilder program = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath + File.pathSeparator + ownPlace(),
                ColdStart.class.getName(),
                model,
                picture);
        program.environment().put("ORT_DISABLE_TELEMETRY", "1");
        try {
            long start = System.nanoTime();
            Process process = program.redirectErrorStream(true).start();
            List<String> lines = process.inputReader().lines().toList();
            int code = process.waitFor();
            if (code != 0) {
                throw new VitrailException(
                        "the class path " + classPath + " classifies no picture: " + String.join(" ", lines));
            }
            return (System.nanoTime() - start) / NANOS_PER_MILLI;
        } catch (IOException e) {
            throw new VitrailException("no Java machine can be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a process was measured", e);
        }
    }

    /** The jar or folder that holds the benchmarks. */
    private static Path ownPlace() {
        try {
            return Path.of(ColdStart.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
