// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.lowering;

import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.compiler.channels.Channels;
import io.windhover.runtime.compiler.channels.TensorValue;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.Strides;

/** An operator's output put together in memory, in the layout of a map that is stored by itself. */
public final class DenseAssembly {
    private final LoweringState state;
    private final Tensor output;
    private final int blocks;
    private final Strides dense;
    private final Assembly assembly;

    DenseAssembly(LoweringState state, Arranger arranger, Operator operator, int blocks) {
        this.state = state;
        this.blocks = blocks;
        output = state.tensor(operator.output());
        dense = Strides.dense(output.shape().width(), blocks);
        assembly = arranger.assembly(
                operator, 8L * output.shape().height() * output.shape().width() * blocks);
    }

    /** Stores a part from this row and column on, its own rows and columns so many apart. */
    public void add(MapNode part, int row, int rowStep, int column, int columnStep) {
        assembly.add(part, dense.part(row, rowStep, 0, column, columnStep));
    }

    /** The output is what has been put together, its channels in order. */
    public void bind() {
        bind(Channels.inOrder(output.shape().channels()));
    }

    /** The output is what has been put together, its channels at these bytes. */
    public void bind(int[] byteOf) {
        MapNode map = assembly.map(
                output.name(),
                output.shape().width(),
                blocks,
                dense,
                Strides.allRows(output.shape().height()));
        state.bind(output.index(), TensorValue.of(Channels.of(map, byteOf), output.shape(), output.type()));
    }
}
