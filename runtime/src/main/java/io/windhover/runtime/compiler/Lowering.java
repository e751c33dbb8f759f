package io.windhover.runtime.compiler;

import io.windhover.driver.Capabilities;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The state shared by the lowering of all operators: stages so far and what each tensor has become. */
final class Lowering {
    final Graph graph;
    final Capabilities capabilities;
    final Constants constants = new Constants();
    final List<Stage> stages = new ArrayList<>();
    final boolean everyTensor;
    private final Map<Integer, Value> values = new HashMap<>();
    private final Map<Integer, Value> dumped = new HashMap<>();
    private final Map<String, MapNode> loaded = new HashMap<>();

    Lowering(Graph graph, Capabilities capabilities, boolean everyTensor) {
        this.everyTensor = everyTensor;
        this.graph = graph;
        this.capabilities = capabilities;
    }

    Tensor tensor(int index) {
        return graph.tensor(index);
    }

    void bind(int tensor, Value value) {
        values.put(tensor, value);
    }

    Value value(Operator operator, int tensor) {
        Value value = values.get(tensor);
        if (value == null) {
            throw CompileException.layer(operator.name(), "its input %s is made by an operator that runs on the host.", tensor(tensor));
        }
        return value;
    }

    /** The tensor was made for a dump only; what follows does not read it. */
    void keepForDump(int tensor) {
        dumped.put(tensor, Objects.requireNonNull(values.get(tensor)));
    }

    /** What holds the tensor after a job, or null when nothing on the accelerator does. */
    @Nullable Value held(int tensor) {
        Value value = dumped.getOrDefault(tensor, values.get(tensor));
        return value == null || value.isInput() ? null : value;
    }

    /** The tensor's map; its shape is the tensor's own. */
    MapNode map(Operator operator, int tensor) {
        Value value = value(operator, tensor);
        if (!value.shape().sameMap(tensor(tensor).shape())) {
            throw CompileException.layer(operator.name(), "it reads %s through a reshape from %s, which would move data between channels; "
                    + "only fully-connected layers may follow such a reshape.", tensor(tensor), value.shape());
        }
        return materialise(operator, value);
    }

    /** The value as a map on chip or loadable as one. */
    MapNode materialise(Operator operator, Value value) {
        MapNode map = value.map();
        return map != null ? map : loaded.computeIfAbsent(value.input() + "/" + value.shape(), key -> unpacked(operator, value));
    }

    private MapNode unpacked(Operator operator, Value value) {
        Shape shape = value.shape();
        int pixelBytes = value.type() == TensorType.BITS ? (shape.channels() + 7) / 8 : shape.channels();
        boolean flip = value.type() == TensorType.UINT8;
        int blocks = (pixelBytes + 7) / 8;
        boolean direct = pixelBytes % 8 == 0 || shape.height() == 1 && shape.width() == 1;
        boolean patch = pixelBytes <= 255 && (long) shape.width() * pixelBytes <= capabilities.lineBytes();
        if (patch && (flip || shape.height() > 1 || shape.width() > 1)) {
            return new MapNode("input", shape.height(), shape.width(), blocks, new MapNode.Patch(value.input(), Geometry.POINT,
                    shape.height(), shape.width(), pixelBytes, 0, flip));
        }
        if (direct) {
            MapNode map = new MapNode("input", shape.height(), shape.width(), blocks, new MapNode.Direct(value.input(), pixelBytes));
            return flip ? flipped(operator, map) : map;
        }
        throw CompileException.layer(operator.name(), "an input row of %s has more than %d bytes; use a narrower input or one whose channels are a multiple of 8.",
                shape, capabilities.lineBytes());
    }

    /** UINT8 codes loaded as they are, minus 128. */
    private MapNode flipped(Operator operator, MapNode map) {
        VectorPlacer vectors = new VectorPlacer(this);
        MapNode flipped = new MapNode("input", map.height, map.width, map.blocks, null);
        vectors.elementwise(operator, List.of(map), flipped, vectors.table(Tables.sum(code -> code ^ 0x80, code -> 0)));
        return flipped;
    }

    MapNode constantMap(Tensor constant) {
        Shape shape = constant.shape();
        return loaded.computeIfAbsent("constant/" + constant.index() + "/" + shape, key -> new MapNode(constant.name(), shape.height(),
                shape.width(), Value.blocks(constant.type(), shape.channels()), new MapNode.Constant(constants.append(blocked(constant)))));
    }

    private static byte[] blocked(Tensor tensor) {
        Shape shape = tensor.shape();
        int blocks = (shape.channels() + 7) / 8;
        byte[] bytes = new byte[shape.height() * blocks * shape.width() * 8];
        byte[] source = Objects.requireNonNull(tensor.constant());
        int flip = tensor.type() == TensorType.UINT8 ? 0x80 : 0;
        for (int i = 0; i < source.length; i++) {
            int pixel = i / shape.channels();
            int channel = i % shape.channels();
            int word = (pixel / shape.width() * blocks + channel / 8) * shape.width() + pixel % shape.width();
            bytes[word * 8 + channel % 8] = (byte) (source[i] ^ flip);
        }
        return bytes;
    }

    /** A new map of this tensor's shape and type. */
    MapNode outputMap(int tensor) {
        return outputMap(tensor, tensor(tensor).shape());
    }

    /** A new map of this shape that holds the tensor's elements in their order. */
    MapNode outputMap(int tensor, Shape shape) {
        Tensor output = tensor(tensor);
        MapNode map = new MapNode(output.name(), shape.height(), shape.width(), Value.blocks(output.type(), shape.channels()), null);
        bind(tensor, Value.of(map, shape, output.type()));
        return map;
    }

    void add(Stage stage) {
        stage.order = stages.size();
        stages.add(stage);
        stage.inputs.forEach(input -> input.consumers.add(stage));
        stage.output.producers.add(stage);
    }

    int offset(int tensor) {
        return Value.codeOffset(tensor(tensor).type());
    }

    /** Layer number written to traces. */
    int layer(Operator operator) {
        return Math.min(graph.operators().indexOf(operator), 1023);
    }
}
