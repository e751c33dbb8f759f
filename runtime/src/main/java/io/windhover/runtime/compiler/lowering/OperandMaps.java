// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.lowering;

import io.windhover.models.graph.Broadcast;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.weights.ConvolutionSpec;
import io.windhover.runtime.compiler.weights.Filters;
import java.util.Arrays;
import java.util.List;

/**
 * The maps that an operator of two operands reads: what the vector engine cannot spread by itself is repeated by a
 * dense layer.
 */
public final class OperandMaps {
    /**
     * Both operands as maps.
     *
     * @param broadcast the second is one pixel, read at every position of the first
     */
    public record Pair(MapNode first, MapNode second, boolean broadcast) {
        public List<MapNode> maps() {
            return List.of(first, second);
        }
    }

    private final LoweringState state;
    private final TensorMaps tensors;
    private final Int8StageBuilder int8;

    public OperandMaps(LoweringState state, TensorMaps tensors, Int8StageBuilder int8) {
        this.state = state;
        this.tensors = tensors;
        this.int8 = int8;
    }

    public Pair of(Operator operator) {
        Tensor first = state.tensor(operator.inputs()[0]);
        Tensor second = state.tensor(operator.inputs()[1]);
        MapNode left = map(operator, first);
        Broadcast broadcast = Broadcast.of(operator, first, second);
        int channels = first.shape().channels();
        boolean repeats = second.shape().channels() < channels;
        boolean constantScalar = repeats && broadcast == Broadcast.SCALAR && second.isConstant();
        MapNode right = constantScalar
                ? state.constantMap(repeated(second, channels))
                : repeats ? spread(operator, second, channels) : map(operator, second);
        return new Pair(left, right, broadcast == Broadcast.CHANNEL || broadcast == Broadcast.SCALAR);
    }

    private MapNode map(Operator operator, Tensor tensor) {
        return tensor.isConstant() ? state.constantMap(tensor) : tensors.map(operator, tensor.index());
    }

    private static Tensor repeated(Tensor scalar, int channels) {
        byte[] values = new byte[channels];
        Arrays.fill(values, java.util.Objects.requireNonNull(scalar.constant())[0]);
        return new Tensor(
                scalar.index(), scalar.name(), scalar.type(), Shape.vector(channels), scalar.quantization(), values);
    }

    private MapNode spread(Operator operator, Tensor tensor, int channels) {
        return spread(state, int8, operator, map(operator, tensor), channels);
    }

    /** The only channel of a map on every channel: its code on chip times 1. */
    public static MapNode spread(
            LoweringState state, Int8StageBuilder int8, Operator operator, MapNode source, int channels) {
        Filters ones = new Filters(channels, 1, 1, 1, 1, (o, ky, kx, i) -> 1, 0);
        MapNode target =
                new MapNode(operator.name() + "/spread", source.height, source.width, (channels + 7) / 8, null);
        int8.dense(
                ConvolutionSpec.ofCodes(
                        operator, state.offset(operator.output()), ones, Geometry.POINT, ConvolutionSpec.ONE),
                source,
                target);
        return target;
    }
}
