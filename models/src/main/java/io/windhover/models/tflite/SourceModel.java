// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.Tensor;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tables of one file: its single subgraph's tensors and operators, and the buffers behind constants. */
final class SourceModel {
    private static final int MAXIMUM_TENSORS = 65_536;
    /** What the kind of a custom operator begins with; its name follows. */
    static final String CUSTOM = "custom operator ";

    private static final int MAXIMUM_OPERANDS = 1 << 18;

    private static final int MAXIMUM_METADATA = 1024;
    /** A flatbuffer's root offset and identifier. */
    private static final int IDENTIFIED_BYTES = 8;

    private final FlatTable.Vector buffers;
    private final FlatTable.Vector metadata;
    private final FlatTable.Vector operatorCodes;
    private final FlatTable subGraph;
    private final List<SourceTensor> tensors = new ArrayList<>();
    private final Map<Integer, Tensor> activations = new HashMap<>();
    private final Map<Integer, byte[]> computedConstants = new HashMap<>();
    /** Copies of the file's constants, which can be made again: what was converted needs its copy no more. */
    private final Map<Integer, SoftReference<byte[]>> storedConstants = new HashMap<>();

    private final Set<Integer> spentFor = new HashSet<>();
    private final Budget budget;

    SourceModel(ByteBuffer file) {
        require(
                file.limit() >= IDENTIFIED_BYTES && identifier(file).equals(Schema.IDENTIFIER),
                "This is not a TensorFlow Lite file: the identifier %s is missing at byte 4.",
                Schema.IDENTIFIER);
        FlatTable model = FlatTable.root(file);
        int version = model.int32(Schema.Model.VERSION, 0);
        require(
                version == Schema.VERSION,
                "The file has schema version %d; version %d is supported.",
                version,
                Schema.VERSION);
        buffers = model.vector(Schema.Model.BUFFERS, Integer.BYTES);
        metadata = model.vector(Schema.Model.METADATA, Integer.BYTES);
        operatorCodes = model.vector(Schema.Model.OPERATOR_CODES, Integer.BYTES);
        FlatTable.Vector subGraphs = model.vector(Schema.Model.SUBGRAPHS, Integer.BYTES);
        require(subGraphs.size() >= 1, "The file has no subgraph; export the model again.");
        subGraph = subGraphs.table(0);
        budget = new Budget(file.limit());
        FlatTable.Vector tables = subGraph.vector(Schema.SubGraph.TENSORS, Integer.BYTES);
        require(
                tables.size() <= MAXIMUM_TENSORS,
                "The file has %d tensors, more than %d.",
                tables.size(),
                MAXIMUM_TENSORS);
        for (int i = 0; i < tables.size(); i++) {
            tensors.add(SourceTensor.read(i, tables.table(i)));
            budget.spendScales(tensors.get(i).scaleCount());
        }
        new DynamicBatch(tensors, inputs()).fix();
    }

    private static String identifier(ByteBuffer file) {
        byte[] identifier = new byte[4];
        file.get(4, identifier);
        return new String(identifier, StandardCharsets.US_ASCII);
    }

    int tensorCount() {
        return tensors.size();
    }

    /** What to call a tensor in a message, be it the file's or one of an importer's. */
    String tensorName(int index) {
        return index >= 0 && index < tensors.size()
                ? "Tensor " + index + " '" + tensors.get(index).name() + "'"
                : "Tensor " + index;
    }

    SourceTensor tensor(int index) {
        require(
                index >= 0 && index < tensors.size(),
                "The file refers to tensor %d but has %d.",
                index,
                tensors.size());
        return tensors.get(index);
    }

    /** The same tensor with other dimensions. */
    void resize(int index, int[] dimensions) {
        tensors.set(index, tensor(index).withDimensions(dimensions));
    }

    /** The tensor holds the share of one frame of a batch from now on. */
    void takeOneFrame(int index, int batch) {
        tensors.set(index, tensor(index).ofOneFrame(batch));
    }

    int[] inputs() {
        return subGraph.vector(Schema.SubGraph.INPUTS, Integer.BYTES).int32s();
    }

    int[] outputs() {
        return subGraph.vector(Schema.SubGraph.OUTPUTS, Integer.BYTES).int32s();
    }

    List<SourceOperator> operators() {
        FlatTable.Vector tables = subGraph.vector(Schema.SubGraph.OPERATORS, Integer.BYTES);
        require(
                tables.size() <= MAXIMUM_TENSORS,
                "The file has %d operators, more than %d.",
                tables.size(),
                MAXIMUM_TENSORS);
        long operands = 0;
        for (int i = 0; i < tables.size(); i++) {
            operands += operands(tables.table(i), Schema.Operator.INPUTS).size()
                    + operands(tables.table(i), Schema.Operator.OUTPUTS).size();
        }
        require(
                operands <= MAXIMUM_OPERANDS,
                "The file's operators have %d inputs and outputs, more than %d.",
                operands,
                MAXIMUM_OPERANDS);
        List<SourceOperator> operators = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            operators.add(operator(i, tables.table(i)));
        }
        return operators;
    }

    private static FlatTable.Vector operands(FlatTable operator, int field) {
        return operator.vector(field, Integer.BYTES);
    }

    private SourceOperator operator(int index, FlatTable table) {
        int codeIndex = table.int32(Schema.Operator.OPCODE_INDEX, 0);
        require(
                codeIndex >= 0 && codeIndex < operatorCodes.size(),
                "Operator %d has the unknown code number %d.",
                index,
                codeIndex);
        FlatTable code = operatorCodes.table(codeIndex);
        int builtin = Math.max(
                code.int8(Schema.OperatorCode.DEPRECATED_BUILTIN_CODE, 0),
                code.int32(Schema.OperatorCode.BUILTIN_CODE, 0));
        String kind = builtin == BuiltinOperator.CUSTOM
                ? CUSTOM + code.string(Schema.OperatorCode.CUSTOM_CODE)
                : BuiltinOperator.name(builtin);
        SourceOperator operator = new SourceOperator(
                this,
                index,
                builtin,
                kind,
                operands(table, Schema.Operator.INPUTS).int32s(),
                operands(table, Schema.Operator.OUTPUTS).int32s(),
                table.table(Schema.Operator.OPTIONS),
                table.vector(Schema.Operator.CUSTOM_OPTIONS, 1).slice(),
                null);
        int optionsType = table.int8(Schema.Operator.OPTIONS_TYPE, 0);
        int expected = BuiltinOperator.optionsType(builtin);
        operator.require(
                operator.options() == null || expected == 0 || optionsType == expected,
                "its options are of type number %d, those of another operator.",
                optionsType);
        return operator;
    }

    boolean isConstant(SourceTensor tensor) {
        return computedConstants.containsKey(tensor.index()) || data(tensor).size() > 0;
    }

    /** A tensor as a value of the network. */
    Tensor activation(int index) {
        SourceTensor source = tensor(index);
        return activations.computeIfAbsent(index, missing -> source.activation());
    }

    /** The same, whose first of four dimensions is a batch, which must be 1. */
    Tensor map(int index) {
        Tensor map = activation(index);
        tensor(index).requireOneImage();
        return map;
    }

    /** A tensor that operators read: a constant when the file stores its contents. */
    Tensor operand(int index) {
        SourceTensor source = tensor(index);
        Tensor tensor = activation(index);
        if (!isConstant(source)) {
            return tensor;
        }
        byte[] contents = constant(source, tensor.bytes() / tensor.shape().elements());
        return new Tensor(index, tensor.name(), tensor.type(), tensor.shape(), tensor.quantization(), contents);
    }

    /** What is left of what reading this file may cost. */
    Budget budget() {
        return budget;
    }

    /** Makes a tensor a constant of these contents. */
    void setConstant(int index, byte[] contents) {
        computedConstants.put(index, contents);
    }

    /** The bytes of a constant tensor, exactly as many as its type and shape need. */
    byte[] constant(SourceTensor tensor, int elementBytes) {
        byte[] computed = computedConstants.get(tensor.index());
        if (computed != null) {
            return computed;
        }
        SoftReference<byte[]> reference = storedConstants.get(tensor.index());
        byte[] stored = reference == null ? null : reference.get();
        if (stored == null) {
            stored = freshConstant(tensor, elementBytes);
            storedConstants.put(tensor.index(), new SoftReference<>(stored));
        }
        return stored;
    }

    /** The same in an array of its own, for the caller to change. */
    byte[] freshConstant(SourceTensor tensor, int elementBytes) {
        byte[] computed = computedConstants.get(tensor.index());
        return computed != null
                ? computed.clone()
                : stored(tensor, elementBytes).bytes();
    }

    /** The elements of a FLOAT32 constant, without a copy of their bytes where the file stores them. */
    float[] floats(SourceTensor tensor) {
        byte[] computed = computedConstants.get(tensor.index());
        ByteBuffer bytes = computed != null
                ? ByteBuffer.wrap(computed).order(ByteOrder.LITTLE_ENDIAN)
                : stored(tensor, Float.BYTES).slice();
        float[] values = new float[tensor.shape().elements()];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    private FlatTable.Vector stored(SourceTensor tensor, int elementBytes) {
        FlatTable.Vector data = data(tensor);
        long expected = (long) tensor.shape().elements() * elementBytes;
        require(data.size() == expected, "Constant %s holds %d bytes instead of %d.", tensor, data.size(), expected);
        if (spentFor.add(tensor.index())) {
            budget.spendStored(expected);
        }
        return data;
    }

    /** The root of the file's TFLite Metadata; null when it has none. */
    @Nullable
    FlatTable metadata() {
        require(
                metadata.size() <= MAXIMUM_METADATA,
                "The file has %d entries of metadata, more than %d.",
                metadata.size(),
                MAXIMUM_METADATA);
        for (int i = 0; i < metadata.size(); i++) {
            FlatTable entry = metadata.table(i);
            if (entry.string(Schema.Metadata.NAME).equals(MetadataSchema.ENTRY)) {
                int buffer = entry.int32(Schema.Metadata.BUFFER, 0);
                require(buffer >= 0 && buffer < buffers.size(), "The file has no buffer %d for its metadata.", buffer);
                ByteBuffer contents =
                        buffers.table(buffer).vector(Schema.Buffer.DATA, 1).slice();
                boolean known = contents.limit() >= IDENTIFIED_BYTES
                        && identifier(contents).equals(MetadataSchema.IDENTIFIER);
                return known ? FlatTable.root(contents) : null;
            }
        }
        return null;
    }

    /** In the flatbuffer, or, as files beyond 2 GiB have them, behind it. */
    private FlatTable.Vector data(SourceTensor tensor) {
        require(
                tensor.buffer() >= 0 && tensor.buffer() < buffers.size(),
                "The file has no buffer %d for %s.",
                tensor.buffer(),
                tensor);
        FlatTable buffer = buffers.table(tensor.buffer());
        long behind = buffer.int64(Schema.Buffer.OFFSET, 0);
        return behind > 1
                ? buffer.bytes(behind, buffer.int64(Schema.Buffer.SIZE, 0))
                : buffer.vector(Schema.Buffer.DATA, 1);
    }
}
