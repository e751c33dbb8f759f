// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.lowering;

import io.windhover.driver.Capabilities;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.channels.Channels;
import io.windhover.runtime.compiler.channels.TensorValue;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.FieldLimits;
import io.windhover.runtime.compiler.program.TensorLocation;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.MemoryArea;
import io.windhover.runtime.compiler.stage.Stage;
import io.windhover.runtime.compiler.weights.ConstantPool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The state shared by the lowering of all operators: stages so far and what each tensor has become. */
public final class LoweringState {
    public final Graph graph;
    public final Capabilities capabilities;
    public final ConstantPool constants = new ConstantPool();
    public final List<Stage> stages = new ArrayList<>();
    public final List<MemoryArea> areas = new ArrayList<>();
    public final boolean everyTensor;
    /**
     * True for a network that is refused otherwise: windows that no command can name and what fills the chip are taken
     * in steps.
     */
    public final boolean stepwise;

    private final IdentityHashMap<Operator, Integer> positions = new IdentityHashMap<>();
    private final Map<Integer, TensorValue> values = new HashMap<>();
    private final Map<Integer, TensorValue> dumped = new HashMap<>();
    private final Map<String, MapNode> constantMaps = new HashMap<>();
    private final Map<Integer, Tensor> temporaries = new HashMap<>();

    public LoweringState(Graph graph, Capabilities capabilities, boolean everyTensor, boolean stepwise) {
        this.everyTensor = everyTensor;
        this.stepwise = stepwise;
        this.graph = graph;
        this.capabilities = capabilities;
        graph.operators().forEach(operator -> positions.put(operator, positions.size()));
    }

    public Tensor tensor(int index) {
        Tensor temporary = temporaries.get(index);
        return temporary == null ? graph.tensor(index) : temporary;
    }

    /** A tensor between the steps of an operator, of the type and codes of {@code like}. */
    public int temporary(Tensor like, Shape shape) {
        int index = graph.tensors().get(graph.tensors().size() - 1).index() + 1 + temporaries.size();
        temporaries.put(index, like.activation(index, shape));
        return index;
    }

    /** True of tensors that no operator of the network knows. */
    public boolean isTemporary(int tensor) {
        return temporaries.containsKey(tensor);
    }

    /** Counts {@code step} as a part of {@code operator}. */
    public void standsFor(Operator step, Operator operator) {
        positions.put(step, Objects.requireNonNull(positions.get(operator)));
    }

    public void bind(int tensor, TensorValue value) {
        values.put(tensor, value);
    }

    public TensorValue value(Operator operator, int tensor) {
        TensorValue value = values.get(tensor);
        if (value == null) {
            throw CompileException.layer(
                    operator.name(), "its input %s is made by an operator that runs on the host.", tensor(tensor));
        }
        return value;
    }

    /** What the tensor has become, or null. */
    @Nullable
    public TensorValue bound(int tensor) {
        return values.get(tensor);
    }

    /** A program leaves the tensor as it is now; what follows may read it in another form. */
    public void keepForDump(int tensor) {
        dumped.put(tensor, Objects.requireNonNull(values.get(tensor)));
    }

    /** What holds the tensor after a job, or null when nothing on the accelerator does. */
    @Nullable
    public TensorValue held(int tensor) {
        TensorValue value = dumped.getOrDefault(tensor, values.get(tensor));
        return value == null || value.isInput() ? null : value;
    }

    public MapNode constantMap(Tensor constant) {
        Shape shape = constant.shape();
        return constantMaps.computeIfAbsent(
                constant.index() + "/" + shape,
                key -> new MapNode(
                        constant.name(),
                        shape.height(),
                        shape.width(),
                        TensorLocation.blocks(constant.type(), shape.channels()),
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
        TensorValue value = values.get(tensor);
        return value != null
                && value.channels() != null
                && value.channels().maps().contains(map);
    }

    /** A new map of this tensor's shape and type. */
    public MapNode outputMap(int tensor) {
        return outputMap(tensor, tensor(tensor).shape());
    }

    /** A new map of this shape that holds the tensor's elements in their order. */
    public MapNode outputMap(int tensor, Shape shape) {
        Tensor output = tensor(tensor);
        MapNode map = new MapNode(
                output.name(),
                shape.height(),
                shape.width(),
                TensorLocation.blocks(output.type(), shape.channels()),
                null);
        bind(tensor, TensorValue.of(map, shape, output.type()));
        return map;
    }

    /** A new map for this tensor, whose channels lie where those of {@code like} do. */
    public MapNode outputMap(int tensor, ChannelView like) {
        return outputMap(tensor, tensor(tensor).shape(), like);
    }

    /** The same in a shape that holds the tensor's elements in their order. */
    public MapNode outputMap(int tensor, Shape shape, ChannelView like) {
        Tensor output = tensor(tensor);
        MapNode map = new MapNode(output.name(), shape.height(), shape.width(), like.map().blocks, null);
        bind(tensor, TensorValue.of(Channels.of(map, like.byteOf()), shape, output.type()));
        return map;
    }

    public void add(MemoryArea area) {
        areas.add(area);
    }

    /**
     * A map is made by one stage, or its parts by one each: a segment stores what its own stages made, and nothing
     * else.
     */
    public void add(Stage stage) {
        if (stage.output.isWritten()) {
            throw new IllegalStateException("two stages make " + stage.output.name);
        }
        stages.add(stage);
        stage.inputs.forEach(input -> input.consumers.add(stage));
        stage.output.producers.add(stage);
    }

    public int offset(int tensor) {
        return TensorValue.codeOffset(tensor(tensor).type());
    }

    /** Layer number written to traces. */
    public int layer(Operator operator) {
        return Math.min(Objects.requireNonNull(positions.get(operator)), FieldLimits.LAYER);
    }
}
