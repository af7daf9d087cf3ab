/** Uses vision models: {@link org.vitrail.Classifier}, {@link org.vitrail.Detector} and {@link org.vitrail.Embedder}. */
@SuppressWarnings("module") // org.vitrail.core is compiled after this module.
module org.vitrail.runtime {
    requires transitive java.desktop;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires com.github.luben.zstd_jni;
    requires com.google.protobuf;
    requires com.microsoft.onnxruntime;
    requires org.vitrail.onnx.schema;

    exports org.vitrail;
    exports org.vitrail.detection;
    exports org.vitrail.engine;
    exports org.vitrail.graph;
    exports org.vitrail.image;
    exports org.vitrail.model;
    exports org.vitrail.task;
    exports org.vitrail.tensor;
    exports org.vitrail.work;
    exports org.vitrail.onnx to
            org.vitrail.core;
    exports org.vitrail.shape to
            org.vitrail.core;

    uses org.vitrail.engine.EngineProvider;
    uses org.vitrail.model.ModelFormat;

    provides org.vitrail.engine.EngineProvider with
            org.vitrail.ort.OrtProvider;
}
