// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import com.google.flatbuffers.ArrayReadWriteBuf;
import com.google.flatbuffers.FlexBuffers;
import io.windhover.models.graph.DetectionPostProcess;
import io.windhover.models.graph.NonMaximumSuppression;
import io.windhover.models.graph.Tensor;

/** What chooses among a detector's boxes: NON_MAX_SUPPRESSION and the custom operator TFLite_Detection_PostProcess. */
final class DetectionImporters {
    /** The kind of the custom operator. */
    static final String POST_PROCESS = SourceModel.CUSTOM + "TFLite_Detection_PostProcess";

    private static final int DEFAULT_PER_CLASS = 100;
    private static final int MOST_DETECTIONS = 1 << 20;
    private static final int LARGEST_OPTIONS = 1 << 16;

    private DetectionImporters() {}

    static void readSuppression(SourceOperator source, Sink sink) {
        boolean soft = source.builtin() == BuiltinOperator.NON_MAX_SUPPRESSION_V5;
        int inputs = soft ? 6 : 5;
        source.require(
                source.inputIndexes().length == inputs && source.outputIndexes().length == (soft ? 3 : 2),
                "it has %d inputs and %d outputs.",
                source.inputIndexes().length,
                source.outputIndexes().length);
        int most = source.integer(2);
        source.require(most >= 1 && most <= MOST_DETECTIONS, "it keeps %d boxes.", most);
        for (int output = 0; output < source.outputIndexes().length - 1; output++) {
            size(source, output, most);
        }
        size(source, source.outputIndexes().length - 1);
        sink.add(new NonMaximumSuppression(
                source.output(0).name(),
                new int[] {operand(source, sink, 0), operand(source, sink, 1)},
                source.outputIndexes(),
                number(source, sink, 3),
                number(source, sink, 4),
                soft ? number(source, sink, 5) : 0));
    }

    /** Exporters may leave open how large the result is. */
    private static void size(SourceOperator source, int output, int... dimensions) {
        source.model().resize(source.outputIndexes()[output], dimensions);
    }

    private static int operand(SourceOperator source, Sink sink, int input) {
        return sink.operand(source.source(input).index()).index();
    }

    private static float number(SourceOperator source, Sink sink, int input) {
        float[] values = FloatConstant.read(source, sink, input).values();
        source.require(values.length == 1, "its input %d holds %d numbers instead of 1.", input, values.length);
        return values[0];
    }

    static void readPostProcess(SourceOperator source, Sink sink) {
        source.require(
                source.inputIndexes().length == 3 && source.outputIndexes().length == 4,
                "it has %d inputs and %d outputs instead of 3 and 4.",
                source.inputIndexes().length,
                source.outputIndexes().length);
        Options options = Options.of(source);
        int most = options.integer("max_detections", 0);
        source.require(most >= 1 && most <= MOST_DETECTIONS, "it keeps %d detections.", most);
        boolean regular = options.isTrue("use_regular_nms");
        int perBox = options.integer("max_classes_per_detection", 0);
        source.require(regular || perBox == 1, "it keeps %d classes of a box, which is supported for 1 only.", perBox);
        size(source, 0, 1, most, 4);
        size(source, 1, 1, most);
        size(source, 2, 1, most);
        size(source, 3, 1);
        int[] inputs = {operand(source, sink, 0), operand(source, sink, 1), operand(source, sink, 2)};
        Tensor anchors = sink.operand(inputs[2]);
        source.require(anchors.isConstant(), "its anchors are computed; they must be constants.");
        sink.add(new DetectionPostProcess(
                source.output(0).name(),
                inputs,
                source.outputIndexes(),
                options.integer("num_classes", 0),
                most,
                regular,
                options.integer("detections_per_class", DEFAULT_PER_CLASS),
                options.real("nms_score_threshold"),
                options.real("nms_iou_threshold"),
                options.real("y_scale"),
                options.real("x_scale"),
                options.real("h_scale"),
                options.real("w_scale")));
    }

    /** A map of numbers in FlexBuffers form. */
    private record Options(SourceOperator source, FlexBuffers.Map map) {
        static Options of(SourceOperator source) {
            int size = source.customOptions().limit();
            source.require(size >= 3 && size <= LARGEST_OPTIONS, "its options have %d bytes.", size);
            byte[] bytes = new byte[size];
            source.customOptions().get(0, bytes);
            try {
                FlexBuffers.Reference root = FlexBuffers.getRoot(new ArrayReadWriteBuf(bytes, size));
                source.require(root.isMap(), "its options are no map.");
                return new Options(source, root.asMap());
            } catch (RuntimeException damaged) {
                throw damaged(source);
            }
        }

        private static RuntimeException damaged(SourceOperator source) {
            return source.refuse("its options are damaged.");
        }

        private FlexBuffers.Reference value(String key) {
            try {
                return map.get(key);
            } catch (RuntimeException damaged) {
                throw damaged(source);
            }
        }

        int integer(String key, int otherwise) {
            FlexBuffers.Reference value = value(key);
            if (value.isNull()) {
                return otherwise;
            }
            source.require(value.isInt() || value.isUInt(), "its option %s is no integer.", key);
            long number = value.asLong();
            source.require(number >= 0 && number <= Integer.MAX_VALUE, "its option %s is %d.", key, number);
            return (int) number;
        }

        boolean isTrue(String key) {
            FlexBuffers.Reference value = value(key);
            source.require(
                    value.isNull() || value.isBoolean() || value.isInt(),
                    "its option %s is neither true nor false.",
                    key);
            return !value.isNull() && value.asBoolean();
        }

        float real(String key) {
            FlexBuffers.Reference value = value(key);
            source.require(
                    value.isFloat() || value.isInt() || value.isUInt(), "its option %s is missing or no number.", key);
            return (float) value.asFloat();
        }
    }
}
