package org.vitrail.cli;

import org.vitrail.report.QuantizationReport;
import org.vitrail.report.Units;
import org.vitrail.verify.Verdict;

/** Prints the result of a quantization. */
final class QuantizationText {
    private final CommonOptions common;
    private final QuantizationReport report;

    QuantizationText(CommonOptions common, QuantizationReport report) {
        this.common = common;
        this.report = report;
    }

    void print() {
        new PropertyList(common).add("Found", report.found()).print();
        common.say("");
        report.mixedPrecision().ifPresent(mixed -> {
            common.say(mixed.table());
            common.say("");
        });
        new PropertyList(common)
                .add("To float", report.closeness() + ", on " + report.images().heldBack() + " held-back pictures")
                .add("Deployed", report.deploymentSentence())
                .add("Saturation", saturation(report.saturationProved()))
                .add("Size", size())
                .add("Took", took())
                .add("Written", common.paint().bold(report.output().path()))
                .print();
        if (!report.attentionOrder().isEmpty()) {
            common.say("");
            common.sayWrapped(report.attentionSentence());
            common.say("");
            common.say(report.attentionTable());
        }
        common.warnOfBroken(report.images().broken());
        report.growth().ifPresent(common::warn);
        sayVerdict(report.verdict());
    }

    private String size() {
        return sizes(report.input().bytes(), report.output().bytes())
                + report.mixedPrecision()
                        .map(mixed -> ", nominally " + Units.bytes(mixed.nominalBytes()))
                        .orElse("");
    }

    /** Describes whether products of the quantized model can saturate. */
    static String saturation(boolean proved) {
        return proved
                ? "proved impossible on every CPU (vitrail prove shows it)"
                : "possible on CPUs with AVX2 but no VNNI (vitrail prove shows where)";
    }

    /** Describes the bytes of the float and the quantized file. */
    static String sizes(long before, long after) {
        return Units.bytes(before) + " → " + Units.bytes(after) + " (" + Units.percent((double) after / before) + ")";
    }

    private String took() {
        String memory = report.usage().peakMemoryBytes().isPresent()
                ? ", whole process "
                        + Units.bytes(report.usage().peakMemoryBytes().getAsLong())
                : "";
        return Units.duration(report.usage().seconds()) + " on "
                + Units.plural(report.settings().threads(), "thread") + "; Java heap at most "
                + Units.bytes(report.usage().peakHeapBytes()) + memory;
    }

    private void sayVerdict(Verdict verdict) {
        common.say("");
        switch (verdict.level()) {
            case UNJUDGED -> common.sayWrapped(common.paint().bold("Not judged:") + " " + verdict.sentence() + ".");
            case FINE -> common.sayWrapped(common.paint().good("Fine:") + " " + verdict.sentence() + ".");
            case NOTICEABLE -> {
                common.warn(verdict.sentence());
                sayAdvice(verdict);
            }
            case COLLAPSE -> {
                common.terminal().alarm(verdict.sentence());
                sayAdvice(verdict);
            }
        }
    }

    /** Printed to the error stream with the sentence before it, even if the output is quiet. */
    private void sayAdvice(Verdict verdict) {
        if (!verdict.advice().isEmpty()) {
            common.warn("try " + String.join(", or ", verdict.advice()));
        }
    }
}
