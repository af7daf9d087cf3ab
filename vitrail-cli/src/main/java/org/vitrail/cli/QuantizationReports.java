package org.vitrail.cli;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Path;
import org.vitrail.Model;
import org.vitrail.pipeline.QuantizationResult;
import org.vitrail.pipeline.Verification;
import org.vitrail.quantize.Comparison;
import org.vitrail.quantize.QuantizedModel;
import org.vitrail.report.AllocationReport;
import org.vitrail.report.QuantizationReport;
import org.vitrail.verify.PeakMemory;

/** Builds the report of a quantization. */
final class QuantizationReports {
    private QuantizationReports() {}

    static QuantizationReport of(
            Path input,
            Path output,
            Model model,
            String images,
            QuantizationReport.Settings settings,
            QuantizedModel quantized) {
        QuantizationResult details = quantized.details();
        Verification verification = details.verification();
        return new QuantizationReport(
                file(input),
                file(output),
                model.task().task().kind().label(),
                model.preprocessing().describe(),
                model.origin().label(),
                new QuantizationReport.Images(
                        images,
                        quantized.calibrationImages(),
                        verification.metrics().examples(),
                        quantized.brokenImages()),
                settings,
                details.allocation().map(allocation -> AllocationReport.of(allocation, details.floatBytes())),
                details.recognition().blocks().size(),
                details.layers().size(),
                new QuantizationReport.Products(details.plan().products().size(), details.productsWithHeads()),
                details.floatLayers(),
                details.recognition().unrecognised().size(),
                details.remarks(),
                verification.deployment(),
                verification.metrics(),
                verification.outputErrors(),
                verification.verdict(),
                verification.proof().holds(),
                verification.attentionOrder(),
                new QuantizationReport.Usage(quantized.seconds(), peakHeapBytes(), PeakMemory.ofThisProcess()));
    }

    private static QuantizationReport.File file(Path path) {
        return new QuantizationReport.File(path.toString(), Comparison.bytes(path));
    }

    /** An upper bound: the heap's memory pools need not have peaked together, but never exceeded the heap's limit. */
    private static long peakHeapBytes() {
        long sumOfPeaks = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
        return Math.min(sumOfPeaks, Runtime.getRuntime().maxMemory());
    }
}
