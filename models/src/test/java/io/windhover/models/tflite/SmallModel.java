package io.windhover.models.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A TFLite file with one 2x2 convolution, 4x4x3 to 2x2x5, written with the flatbuffers library. Fields may be changed before
 * {@link #build()} to make it something that must be refused.
 */
final class SmallModel {
    int builtin = BuiltinOperator.CONV_2D;
    String customName = "";
    int inputType = Schema.Type.INT8;
    int batch = 1;
    int version = Schema.VERSION;
    int subGraphs = 1;
    int biasQuantizedDimension = 0;
    int activation = Schema.ActivationFunction.NONE;
    int biasCount = 5;
    boolean quantized = true;

    private final FlatBufferBuilder file = new FlatBufferBuilder();

    ByteBuffer build() {
        int buffers = offsets(buffer(new byte[0]), buffer(weights()), buffer(new byte[4 * biasCount]));
        int[] graphs = new int[subGraphs];
        Arrays.setAll(graphs, i -> subGraph());
        int subGraphVector = offsets(graphs);
        int codes = offsets(operatorCode());
        file.startTable(5);
        file.addInt(Schema.Model.VERSION, version, 0);
        file.addOffset(Schema.Model.OPERATOR_CODES, codes, 0);
        file.addOffset(Schema.Model.SUBGRAPHS, subGraphVector, 0);
        file.addOffset(Schema.Model.BUFFERS, buffers, 0);
        file.finish(file.endTable(), Schema.IDENTIFIER);
        return ByteBuffer.wrap(file.sizedByteArray());
    }

    private static byte[] weights() {
        byte[] weights = new byte[5 * 2 * 2 * 3];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (byte) (i * 7 - 100);
        }
        return weights;
    }

    private int subGraph() {
        int tensors = offsets(
                tensor("input", new int[] {batch, 4, 4, 3}, inputType, 0, quantized ? quantization(0.5f, -3, 0) : 0),
                tensor("weights", new int[] {5, 2, 2, 3}, Schema.Type.INT8, 1, quantization(0.01f, 0, 0)),
                tensor("bias", new int[] {biasCount}, Schema.Type.INT32, 2, quantization(0.005f, 0, biasQuantizedDimension)),
                tensor("output", new int[] {batch, 2, 2, 5}, Schema.Type.INT8, 0, quantization(0.25f, 4, 0)));
        int inputs = integers(0);
        int outputs = integers(3);
        int operators = offsets(operator());
        file.startTable(4);
        file.addOffset(Schema.SubGraph.TENSORS, tensors, 0);
        file.addOffset(Schema.SubGraph.INPUTS, inputs, 0);
        file.addOffset(Schema.SubGraph.OUTPUTS, outputs, 0);
        file.addOffset(Schema.SubGraph.OPERATORS, operators, 0);
        return file.endTable();
    }

    private int operator() {
        int inputs = integers(0, 1, 2);
        int outputs = integers(3);
        file.startTable(6);
        file.addByte(Schema.Conv2DOptions.PADDING, (byte) Schema.Padding.SAME, 0);
        file.addInt(Schema.Conv2DOptions.STRIDE_WIDTH, 2, 0);
        file.addInt(Schema.Conv2DOptions.STRIDE_HEIGHT, 2, 0);
        file.addByte(Schema.Conv2DOptions.ACTIVATION, (byte) activation, 0);
        int options = file.endTable();
        file.startTable(5);
        file.addInt(Schema.Operator.OPCODE_INDEX, 0, 0);
        file.addOffset(Schema.Operator.INPUTS, inputs, 0);
        file.addOffset(Schema.Operator.OUTPUTS, outputs, 0);
        file.addOffset(Schema.Operator.OPTIONS, options, 0);
        return file.endTable();
    }

    private int operatorCode() {
        int name = file.createString(customName);
        file.startTable(4);
        file.addByte(Schema.OperatorCode.DEPRECATED_BUILTIN_CODE, (byte) builtin, 0);
        file.addOffset(Schema.OperatorCode.CUSTOM_CODE, name, 0);
        file.addInt(Schema.OperatorCode.BUILTIN_CODE, builtin, 0);
        return file.endTable();
    }

    private int tensor(String name, int[] shape, int type, int buffer, int quantization) {
        int nameOffset = file.createString(name);
        int shapeOffset = integers(shape);
        file.startTable(5);
        file.addOffset(Schema.Tensor.SHAPE, shapeOffset, 0);
        file.addByte(Schema.Tensor.TYPE, (byte) type, 0);
        file.addInt(Schema.Tensor.BUFFER, buffer, 0);
        file.addOffset(Schema.Tensor.NAME, nameOffset, 0);
        file.addOffset(Schema.Tensor.QUANTIZATION, quantization, 0);
        return file.endTable();
    }

    private int quantization(float scale, long zeroPoint, int dimension) {
        file.startVector(Float.BYTES, 1, Float.BYTES);
        file.addFloat(scale);
        int scales = file.endVector();
        file.startVector(Long.BYTES, 1, Long.BYTES);
        file.addLong(zeroPoint);
        int zeroPoints = file.endVector();
        file.startTable(7);
        file.addOffset(Schema.QuantizationParameters.SCALE, scales, 0);
        file.addOffset(Schema.QuantizationParameters.ZERO_POINT, zeroPoints, 0);
        file.addInt(Schema.QuantizationParameters.DIMENSION, dimension, 0);
        return file.endTable();
    }

    private int buffer(byte[] data) {
        int vector = file.createByteVector(data);
        file.startTable(1);
        file.addOffset(Schema.Buffer.DATA, vector, 0);
        return file.endTable();
    }

    private int integers(int... values) {
        file.startVector(Integer.BYTES, values.length, Integer.BYTES);
        for (int i = values.length - 1; i >= 0; i--) {
            file.addInt(values[i]);
        }
        return file.endVector();
    }

    private int offsets(int... tables) {
        return file.createVectorOfTables(tables);
    }
}
