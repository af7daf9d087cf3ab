/** Classes generated from the official ONNX schema, for Vitrail's own modules. */
module org.vitrail.onnx.schema {
    requires transitive com.google.protobuf;

    exports onnx to
            org.vitrail.runtime;
}
