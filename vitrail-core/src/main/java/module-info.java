/** Quantizes vision transformers: {@link org.vitrail.quantize.Vitrail}. */
module org.vitrail.core {
    requires transitive org.vitrail.runtime;
    requires java.net.http;
    requires jdk.management;
    requires com.fasterxml.jackson.annotation;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.dataformat.csv;
    requires com.fasterxml.jackson.datatype.jdk8;
    requires xchart;
    requires org.bytedeco.javacpp;
    requires org.bytedeco.openblas;
    // Hold the native libraries; nothing else would have them resolved on the module path.
    requires org.bytedeco.javacpp.linux.arm64;
    requires org.bytedeco.javacpp.linux.x86_64;
    requires org.bytedeco.javacpp.macosx.arm64;
    requires org.bytedeco.javacpp.macosx.x86_64;
    requires org.bytedeco.javacpp.windows.x86_64;
    requires org.bytedeco.openblas.linux.arm64;
    requires org.bytedeco.openblas.linux.x86_64;
    requires org.bytedeco.openblas.macosx.arm64;
    requires org.bytedeco.openblas.macosx.x86_64;
    requires org.bytedeco.openblas.windows.x86_64;

    exports org.vitrail.quantize;
    exports org.vitrail.pipeline;
    exports org.vitrail.hub;
    // Settings of a quantization.
    exports org.vitrail.quantizer;
    exports org.vitrail.search;
    exports org.vitrail.fold;
    exports org.vitrail.capture;
    exports org.vitrail.compensate;
    exports org.vitrail.allocate;
    exports org.vitrail.export;
    // Results of a quantization.
    exports org.vitrail.plan;
    exports org.vitrail.report;
    exports org.vitrail.verify;

    opens org.vitrail.ablation to
            com.fasterxml.jackson.databind;
    opens org.vitrail.plan to
            com.fasterxml.jackson.databind;
    opens org.vitrail.quantize to
            com.fasterxml.jackson.databind;
    opens org.vitrail.quantizer to
            com.fasterxml.jackson.databind;
    opens org.vitrail.report to
            com.fasterxml.jackson.databind;
    opens org.vitrail.verify to
            com.fasterxml.jackson.databind;

    provides org.vitrail.model.ModelFormat with
            org.vitrail.checkpoint.CheckpointFormat;
}
