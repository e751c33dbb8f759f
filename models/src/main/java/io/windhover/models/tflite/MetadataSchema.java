// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

/** Numbers of the TFLite Metadata format, schema version 1: fields in the order of their tables, and enumerations. */
final class MetadataSchema {
    /** The name of the model's metadata entry whose buffer holds a ModelMetadata. */
    static final String ENTRY = "TFLITE_METADATA";

    static final String IDENTIFIER = "M001";

    private MetadataSchema() {}

    static final class ModelMetadata {
        static final int SUBGRAPHS = 3;

        private ModelMetadata() {}
    }

    static final class SubGraphMetadata {
        static final int INPUTS = 2;
        static final int OUTPUTS = 3;

        private SubGraphMetadata() {}
    }

    static final class TensorMetadata {
        static final int PROCESS_UNITS = 4;
        static final int ASSOCIATED_FILES = 6;

        private TensorMetadata() {}
    }

    static final class ProcessUnit {
        static final int OPTIONS_TYPE = 0;
        static final int OPTIONS = 1;
        /** A value of OPTIONS_TYPE. */
        static final int NORMALIZATION_OPTIONS = 1;

        private ProcessUnit() {}
    }

    static final class NormalizationOptions {
        static final int MEAN = 0;
        static final int STD = 1;

        private NormalizationOptions() {}
    }

    static final class AssociatedFile {
        static final int NAME = 0;
        static final int TYPE = 2;
        /** A value of TYPE: a line for each element along the output's axis. */
        static final int TENSOR_AXIS_LABELS = 2;

        private AssociatedFile() {}
    }
}
