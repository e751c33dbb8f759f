// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Writes a TFLite file tensor by tensor and operator by operator, with the flatbuffers library. */
final class ModelFile {
    private record FileTensor(
            String name,
            int type,
            int[] shape,
            int[] signature,
            float scale,
            int zeroPoint,
            int quantizedDimension,
            byte[] contents) {}

    private record FileOperator(int builtin, int[] inputs, int[] outputs, Options options) {}

    int version = Schema.VERSION;
    int subGraphs = 1;
    /** Contents of constants lie behind the flatbuffer. */
    boolean contentsBehind;
    /** Added to where they are said to begin. */
    long misplaced;
    /** Stands for the end of the flatbuffer until that is known. */
    private static final long BEHIND = 0x5EED_0000_0000_0000L;

    private final ByteArrayOutputStream behind = new ByteArrayOutputStream();

    String customName = "";
    /** Of the custom operators. */
    byte[] customOptions = new byte[0];
    /** How often the operator list refers to the last operator's table. */
    int copiesOfLastOperator = 1;
    /** When above 1: all quantised tensors refer to one list of so many scales. */
    int sharedScales = 1;

    private int sharedQuantization;
    /** A ModelMetadata that a buffer of its own holds. */
    byte[] metadata = new byte[0];

    /** An operator's options: values by the number of their field. */
    static final class Options {
        private record Field(int number, Object value) {}

        private final List<Field> fields = new ArrayList<>();
        /** Number of the kind of options; 0 for that of the operator. */
        private int type;

        static Options none() {
            return new Options();
        }

        /** A field as wide as its value: a Byte, an Integer or a Float. */
        Options with(int number, Number value) {
            fields.add(new Field(number, value));
            return this;
        }

        /** A field of several integers. */
        Options withAll(int number, int... values) {
            fields.add(new Field(number, values));
            return this;
        }

        Options ofType(int number) {
            type = number;
            return this;
        }

        private int write(FlatBufferBuilder file) {
            int[] vectors = new int[fields.size()];
            for (int i = 0; i < vectors.length; i++) {
                if (fields.get(i).value() instanceof int[] values) {
                    file.startVector(Integer.BYTES, values.length, Integer.BYTES);
                    for (int k = values.length - 1; k >= 0; k--) {
                        file.addInt(values[k]);
                    }
                    vectors[i] = file.endVector();
                }
            }
            file.startTable(8);
            for (int i = 0; i < vectors.length; i++) {
                Field field = fields.get(i);
                if (field.value() instanceof int[]) {
                    file.addOffset(field.number(), vectors[i], 0);
                } else if (field.value() instanceof Byte value) {
                    file.addByte(field.number(), value, 0);
                } else if (field.value() instanceof Float value) {
                    file.addFloat(field.number(), value, 0);
                } else {
                    file.addInt(field.number(), ((Number) field.value()).intValue(), 0);
                }
            }
            return file.endTable();
        }
    }

    private final List<FileTensor> tensors = new ArrayList<>();
    private final List<FileOperator> operators = new ArrayList<>();
    private final FlatBufferBuilder file = new FlatBufferBuilder();

    /** An activation; its number. A scale of 0 stands for no quantisation. */
    int tensor(int type, float scale, int zeroPoint, int... shape) {
        return add(type, shape, new int[0], scale, zeroPoint, 0, new byte[0]);
    }

    /** An activation whose first dimension was left open at export. */
    int dynamic(int type, float scale, int zeroPoint, int... shape) {
        int[] signature = shape.clone();
        signature[0] = -1;
        return add(type, shape, signature, scale, zeroPoint, 0, new byte[0]);
    }

    /** An activation of which dimensions were left open at export: those that are -1 in its signature. */
    int open(int type, float scale, int zeroPoint, int[] stored, int[] signature) {
        return add(type, stored, signature, scale, zeroPoint, 0, new byte[0]);
    }

    int constant(int type, float scale, int zeroPoint, byte[] contents, int... shape) {
        return add(type, shape, new int[0], scale, zeroPoint, 0, contents);
    }

    /** A constant whose scale belongs to this dimension, which it may not have. */
    int quantizedAlong(int dimension, int type, float scale, byte[] contents, int... shape) {
        return add(type, shape, new int[0], scale, 0, dimension, contents);
    }

    /** A constant list of INT32 numbers. */
    int integers(int... values) {
        return integersOf(new int[] {values.length}, values);
    }

    /** A constant of INT32 numbers of this shape. */
    int integersOf(int[] shape, int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return constant(Schema.Type.INT32, 0, 0, bytes.array(), shape);
    }

    private int add(
            int type,
            int[] shape,
            int[] signature,
            float scale,
            int zeroPoint,
            int quantizedDimension,
            byte[] contents) {
        tensors.add(new FileTensor(
                "t" + tensors.size(), type, shape, signature, scale, zeroPoint, quantizedDimension, contents));
        return tensors.size() - 1;
    }

    ModelFile operator(int builtin, int[] inputs, int[] outputs, Options options) {
        operators.add(new FileOperator(builtin, inputs, outputs, options));
        return this;
    }

    ModelFile operator(int builtin, int[] inputs, int output) {
        return operator(builtin, inputs, new int[] {output}, Options.none());
    }

    ByteBuffer build(int[] inputs, int... outputs) {
        int buffers = offsets(IntStream.concat(
                        tensors.stream().mapToInt(tensor -> buffer(tensor.contents())), IntStream.of(buffer(metadata)))
                .toArray());
        int entries = metadata.length == 0 ? 0 : offsets(metadataEntry(tensors.size()));
        int[] graphs = new int[subGraphs];
        Arrays.setAll(graphs, i -> subGraph(inputs, outputs));
        int graphVector = offsets(graphs);
        int codes = offsets(operators.stream()
                .mapToInt(operator -> code(operator.builtin()))
                .toArray());
        file.startTable(7);
        file.addOffset(Schema.Model.METADATA, entries, 0);
        file.addInt(Schema.Model.VERSION, version, 0);
        file.addOffset(Schema.Model.OPERATOR_CODES, codes, 0);
        file.addOffset(Schema.Model.SUBGRAPHS, graphVector, 0);
        file.addOffset(Schema.Model.BUFFERS, buffers, 0);
        file.finish(file.endTable(), Schema.IDENTIFIER);
        return ByteBuffer.wrap(contentsBehind ? withContentsBehind(file.sizedByteArray()) : file.sizedByteArray());
    }

    /** Contents follow the flatbuffer, whose length is known only now. */
    private byte[] withContentsBehind(byte[] flatbuffer) {
        ByteBuffer whole =
                ByteBuffer.allocate(flatbuffer.length + behind.size()).order(ByteOrder.LITTLE_ENDIAN);
        whole.put(flatbuffer).put(behind.toByteArray());
        for (int at = 0; at + Long.BYTES <= flatbuffer.length; at++) {
            long place = whole.getLong(at) - BEHIND;
            if (place >= 0 && place < behind.size()) {
                whole.putLong(at, flatbuffer.length + place + misplaced);
            }
        }
        return whole.array();
    }

    private int metadataEntry(int buffer) {
        int name = file.createString(MetadataSchema.ENTRY);
        file.startTable(2);
        file.addOffset(Schema.Metadata.NAME, name, 0);
        file.addInt(Schema.Metadata.BUFFER, buffer, 0);
        return file.endTable();
    }

    private int subGraph(int[] inputs, int[] outputs) {
        int[] tensorOffsets = new int[tensors.size()];
        Arrays.setAll(tensorOffsets, i -> tensor(tensors.get(i), i));
        int tensorVector = offsets(tensorOffsets);
        int operatorVector = offsets(operators());
        int inputVector = integerVector(inputs);
        int outputVector = integerVector(outputs);
        file.startTable(4);
        file.addOffset(Schema.SubGraph.TENSORS, tensorVector, 0);
        file.addOffset(Schema.SubGraph.INPUTS, inputVector, 0);
        file.addOffset(Schema.SubGraph.OUTPUTS, outputVector, 0);
        file.addOffset(Schema.SubGraph.OPERATORS, operatorVector, 0);
        return file.endTable();
    }

    private int code(int builtin) {
        int name = file.createString(customName);
        file.startTable(4);
        file.addByte(Schema.OperatorCode.DEPRECATED_BUILTIN_CODE, (byte) Math.min(builtin, 127), 0);
        file.addOffset(Schema.OperatorCode.CUSTOM_CODE, name, 0);
        file.addInt(Schema.OperatorCode.BUILTIN_CODE, builtin, 0);
        return file.endTable();
    }

    private int[] operators() {
        int[] tables = new int[operators.size() + copiesOfLastOperator - 1];
        for (int i = 0; i < tables.length; i++) {
            tables[i] = i < operators.size() ? operator(operators.get(i), i) : tables[i - 1];
        }
        return tables;
    }

    private int operator(FileOperator operator, int code) {
        int inputs = integerVector(operator.inputs());
        int outputs = integerVector(operator.outputs());
        int options = operator.options().write(file);
        int custom = operator.builtin() == BuiltinOperator.CUSTOM ? file.createByteVector(customOptions) : 0;
        file.startTable(6);
        file.addOffset(Schema.Operator.CUSTOM_OPTIONS, custom, 0);
        file.addInt(Schema.Operator.OPCODE_INDEX, code, 0);
        file.addOffset(Schema.Operator.INPUTS, inputs, 0);
        file.addOffset(Schema.Operator.OUTPUTS, outputs, 0);
        int type = operator.options().type;
        file.addByte(
                Schema.Operator.OPTIONS_TYPE,
                (byte) (type == 0 ? BuiltinOperator.optionsType(operator.builtin()) : type),
                0);
        file.addOffset(Schema.Operator.OPTIONS, options, 0);
        return file.endTable();
    }

    private int tensor(FileTensor tensor, int buffer) {
        int name = file.createString(tensor.name());
        int shape = integerVector(tensor.shape());
        int signature = integerVector(tensor.signature());
        int quantization =
                tensor.scale() == 0 ? 0 : sharedQuantization != 0 ? sharedQuantization : quantization(tensor);
        file.startTable(8);
        file.addOffset(Schema.Tensor.SHAPE, shape, 0);
        file.addByte(Schema.Tensor.TYPE, (byte) tensor.type(), 0);
        file.addInt(Schema.Tensor.BUFFER, buffer, 0);
        file.addOffset(Schema.Tensor.NAME, name, 0);
        file.addOffset(Schema.Tensor.QUANTIZATION, quantization, 0);
        file.addOffset(Schema.Tensor.SHAPE_SIGNATURE, signature, 0);
        return file.endTable();
    }

    private int quantization(FileTensor tensor) {
        file.startVector(Float.BYTES, sharedScales, Float.BYTES);
        for (int i = 0; i < sharedScales; i++) {
            file.addFloat(tensor.scale());
        }
        int scales = file.endVector();
        file.startVector(Long.BYTES, sharedScales, Long.BYTES);
        for (int i = 0; i < sharedScales; i++) {
            file.addLong(tensor.zeroPoint());
        }
        int zeroPoints = file.endVector();
        file.startTable(7);
        file.addOffset(Schema.QuantizationParameters.SCALE, scales, 0);
        file.addOffset(Schema.QuantizationParameters.ZERO_POINT, zeroPoints, 0);
        file.addInt(Schema.QuantizationParameters.DIMENSION, tensor.quantizedDimension(), 0);
        int table = file.endTable();
        sharedQuantization = sharedScales > 1 ? table : 0;
        return table;
    }

    private int buffer(byte[] contents) {
        if (contentsBehind && contents.length > 0) {
            file.startTable(3);
            file.addLong(Schema.Buffer.OFFSET, BEHIND + behind.size(), 0);
            file.addLong(Schema.Buffer.SIZE, contents.length, 0);
            behind.writeBytes(contents);
            return file.endTable();
        }
        int vector = file.createByteVector(contents);
        file.startTable(1);
        file.addOffset(Schema.Buffer.DATA, vector, 0);
        return file.endTable();
    }

    private int integerVector(int... values) {
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
