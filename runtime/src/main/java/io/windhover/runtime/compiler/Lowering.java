// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

import io.windhover.driver.Capabilities;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The state shared by the lowering of all operators: stages so far and what each tensor has become. */
final class Lowering {
    /** Number that a trace entry can hold. */
    private static final int LARGEST_LAYER = 1023;

    final Graph graph;
    final Capabilities capabilities;
    final Constants constants = new Constants();
    final List<Stage> stages = new ArrayList<>();
    final List<Area> areas = new ArrayList<>();
    final boolean everyTensor;
    private final Map<Operator, Integer> positions = new IdentityHashMap<>();
    private final Map<Integer, Value> values = new HashMap<>();
    private final Map<Integer, Value> dumped = new HashMap<>();
    private final Map<String, MapNode> loaded = new HashMap<>();
    private @Nullable Arranger arranger;
    private @Nullable Reshaper reshaper;

    Lowering(Graph graph, Capabilities capabilities, boolean everyTensor) {
        this.everyTensor = everyTensor;
        this.graph = graph;
        this.capabilities = capabilities;
        graph.operators().forEach(operator -> positions.put(operator, positions.size()));
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
            throw CompileException.layer(
                    operator.name(), "its input %s is made by an operator that runs on the host.", tensor(tensor));
        }
        return value;
    }

    /** What the tensor has become, or null. */
    @Nullable
    Value bound(int tensor) {
        return values.get(tensor);
    }

    /** A program leaves the tensor as it is now; what follows may read it in another form. */
    void keepForDump(int tensor) {
        dumped.put(tensor, Objects.requireNonNull(values.get(tensor)));
    }

    /** What holds the tensor after a job, or null when nothing on the accelerator does. */
    @Nullable
    Value held(int tensor) {
        Value value = dumped.getOrDefault(tensor, values.get(tensor));
        return value == null || value.isInput() ? null : value;
    }

    void arrangeWith(Arranger newArranger, Reshaper newReshaper) {
        arranger = newArranger;
        reshaper = newReshaper;
    }

    Reshaper reshaper() {
        return Objects.requireNonNull(reshaper);
    }

    Arranger arranger() {
        return Objects.requireNonNull(arranger);
    }

    /** The tensor's map: its shape is the tensor's own, its channels are in order. */
    MapNode map(Operator operator, int tensor) {
        return arranger()
                .inOrder(operator, laid(operator, tensor), tensor(tensor).type());
    }

    /** The value as a map whose channels are in order, on chip or loadable as one. */
    MapNode materialise(Operator operator, Value value) {
        Channels channels = together(operator, value);
        return arranger().inOrder(operator, view(channels, value.type()), value.type());
    }

    /** The tensor in one map of its own height and width, its channels in any order. */
    Laid laid(Operator operator, int tensor) {
        requireOwnShape(operator, tensor);
        Value value = value(operator, tensor);
        Channels channels = together(operator, value);
        if (!value.isInput()) {
            bind(tensor, Value.of(channels, value.shape(), value.type()));
        }
        return view(channels, value.type());
    }

    /** The value in one map, its channels in any order. */
    Laid laid(Operator operator, Value value) {
        return view(together(operator, value), value.type());
    }

    /** The same for who works on every byte of the map and passes it on: in its own shape, without many spare bytes. */
    Laid compact(Operator operator, int tensor) {
        Laid laid = laid(operator, tensor);
        return laid.isSparse() ? Laid.plain(map(operator, tensor), laid.places().length) : laid;
    }

    private Channels together(Operator operator, Value value) {
        Channels channels = channels(operator, value);
        return value.type().isByte() ? arranger().together(operator, channels) : channels;
    }

    private static Laid view(Channels channels, TensorType type) {
        return type.isByte()
                ? Arranger.view(channels)
                : Laid.plain(channels.maps().get(0), channels.count());
    }

    /** Where the channels of a tensor lie, which has its own shape; a network input is loaded. */
    Channels channels(Operator operator, int tensor) {
        requireOwnShape(operator, tensor);
        return channels(operator, value(operator, tensor));
    }

    /** Where the channels of a value lie; a network input is loaded. */
    Channels channels(Operator operator, Value value) {
        Channels channels = value.channels();
        return channels != null
                ? channels
                : Channels.of(
                        loaded.computeIfAbsent(
                                value.input() + "/" + value.shape(),
                                key -> reshaper().loaded(operator, value)),
                        value.shape().channels());
    }

    /** Makes the map that holds the tensor one of the tensor's own height, width and channels. */
    void requireOwnShape(Operator operator, int tensor) {
        Value value = value(operator, tensor);
        Shape own = tensor(tensor).shape();
        if (!value.shape().sameMap(own)) {
            bind(tensor, reshaper().reshaped(operator, value, own));
        }
    }

    /** Makes the tensor a map of its own, in its own layout, that a program can leave in memory. */
    void settle(Operator operator, int tensor) {
        Value value = value(operator, tensor);
        MapNode map = materialise(operator, value);
        MapNode own =
                map.isWritten() || map.homeArea() != null ? map : arranger().copy(operator, map);
        bind(tensor, Value.of(own, value.shape(), value.type()));
        keepForDump(tensor);
    }

    MapNode constantMap(Tensor constant) {
        Shape shape = constant.shape();
        return loaded.computeIfAbsent(
                "constant/" + constant.index() + "/" + shape,
                key -> new MapNode(
                        constant.name(),
                        shape.height(),
                        shape.width(),
                        Value.blocks(constant.type(), shape.channels()),
                        new MapNode.Constant(constants.append(blocked(constant)))));
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

    /** True when this map is what the tensor has become. */
    boolean holds(int tensor, MapNode map) {
        Value value = values.get(tensor);
        return value != null
                && value.channels() != null
                && value.channels().maps().contains(map);
    }

    /** A new map of this tensor's shape and type. */
    MapNode outputMap(int tensor) {
        return outputMap(tensor, tensor(tensor).shape());
    }

    /** A new map of this shape that holds the tensor's elements in their order. */
    MapNode outputMap(int tensor, Shape shape) {
        Tensor output = tensor(tensor);
        MapNode map = new MapNode(
                output.name(), shape.height(), shape.width(), Value.blocks(output.type(), shape.channels()), null);
        bind(tensor, Value.of(map, shape, output.type()));
        return map;
    }

    /** A new map for this tensor, whose channels lie where those of {@code like} do. */
    MapNode outputMap(int tensor, Laid like) {
        return outputMap(tensor, tensor(tensor).shape(), like);
    }

    /** The same in a shape that holds the tensor's elements in their order. */
    MapNode outputMap(int tensor, Shape shape, Laid like) {
        Tensor output = tensor(tensor);
        MapNode map = new MapNode(output.name(), shape.height(), shape.width(), like.map().blocks, null);
        bind(tensor, Value.of(Channels.of(map, like.places()), shape, output.type()));
        return map;
    }

    void add(Area area) {
        areas.add(area);
    }

    /**
     * A map is made by one stage, or its parts by one each: a segment stores what its own stages made, and nothing
     * else.
     */
    void add(Stage stage) {
        if (stage.output.isWritten()) {
            throw new IllegalStateException("two stages make " + stage.output.name);
        }
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
        return Math.min(Objects.requireNonNull(positions.get(operator)), LARGEST_LAYER);
    }
}
