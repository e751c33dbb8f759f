// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

/** Field numbers of onnx.proto, as far as we read them. */
final class Schema {
    private Schema() {}

    static final class Model {
        static final int IR_VERSION = 1;
        static final int GRAPH = 7;
        static final int OPSET_IMPORT = 8;
        static final int FUNCTIONS = 25;
    }

    static final class Opset {
        static final int DOMAIN = 1;
        static final int VERSION = 2;
    }

    static final class Graph {
        static final int NODE = 1;
        static final int NAME = 2;
        static final int INITIALIZER = 5;
        static final int INPUT = 11;
        static final int OUTPUT = 12;
        static final int SPARSE_INITIALIZER = 15;
    }

    static final class Node {
        static final int INPUT = 1;
        static final int OUTPUT = 2;
        static final int NAME = 3;
        static final int OP_TYPE = 4;
        static final int ATTRIBUTE = 5;
        static final int DOMAIN = 7;
    }

    static final class AttributeField {
        static final int NAME = 1;
        static final int REAL = 2;
        static final int INTEGER = 3;
        static final int TEXT = 4;
        static final int TENSOR = 5;
        static final int GRAPH = 6;
        static final int REALS = 7;
        static final int INTEGERS = 8;
        static final int TYPE = 20;
    }

    static final class Tensor {
        static final int DIMS = 1;
        static final int DATA_TYPE = 2;
        static final int SEGMENT = 3;
        static final int FLOAT_DATA = 4;
        static final int INT32_DATA = 5;
        static final int INT64_DATA = 7;
        static final int NAME = 8;
        static final int RAW_DATA = 9;
        static final int DOUBLE_DATA = 10;
        static final int EXTERNAL_DATA = 13;
        static final int DATA_LOCATION = 14;
    }

    /** A pair of texts. */
    static final class StringEntry {
        static final int KEY = 1;
        static final int VALUE = 2;
    }

    static final class ValueInfo {
        static final int NAME = 1;
        static final int TYPE = 2;
        /** Within the type: the only kind we take is a tensor. */
        static final int TENSOR_TYPE = 1;

        static final int ELEMENT_TYPE = 1;
        static final int SHAPE = 2;
        static final int DIMENSION = 1;
        static final int DIMENSION_VALUE = 1;
        static final int DIMENSION_NAME = 2;
    }
}
