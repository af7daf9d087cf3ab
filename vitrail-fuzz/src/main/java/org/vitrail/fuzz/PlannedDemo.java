package org.vitrail.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.vitrail.Model;
import org.vitrail.block.Recognition;
import org.vitrail.engine.Engines;
import org.vitrail.pipeline.Quantization;
import org.vitrail.plan.PlanFile;
import org.vitrail.quantize.DemoModel;

/** Reads plan files of the demo model. */
final class PlannedDemo {
    /** The SHA-256 that the plans of the corpus name in place of the demo model's. */
    private static final String MODEL_SHA256 = "0".repeat(64);

    private static final Recognition RECOGNITION = recognition();

    private PlannedDemo() {}

    static void read(Path file) {
        PlanFile.read(file, MODEL_SHA256, RECOGNITION);
    }

    private static Recognition recognition() {
        try {
            Path folder = Files.createTempDirectory("vitrail-demo");
            DemoModel.write(folder);
            return Quantization.recognise(Model.open(folder).graph(), "demo", Engines.preferred());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
