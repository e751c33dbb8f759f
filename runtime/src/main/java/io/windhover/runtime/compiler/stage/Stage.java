// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.stage;

import io.windhover.contract.Queue;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.FieldLimits;
import java.util.List;

/** Work of one compute engine that makes one map out of others; several stages may stand for one operator. */
public abstract sealed class Stage permits Int8Stage, XnorStage, VectorStage {
    public final String name;
    /** Position of the operator in the graph. */
    public final int layer;

    public final List<MapNode> inputs;
    public final MapNode output;
    final Geometry geometry;

    Stage(String name, int layer, List<MapNode> inputs, MapNode output, Geometry geometry) {
        this.name = name;
        this.layer = layer;
        this.inputs = List.copyOf(inputs);
        this.output = output;
        this.geometry = geometry.reduced(output.height, output.width);
        checkFields();
    }

    private void checkFields() {
        for (MapNode map : inputs) {
            if (this instanceof XnorStage) {
                limit(map.height, FieldLimits.ROWS, "input rows");
            }
            limit(map.width, FieldLimits.COLUMNS, "input columns");
            limit(map.root().blocks, FieldLimits.BLOCKS, "input channel blocks");
        }
        limit(output.width, FieldLimits.COLUMNS, "output columns");
        limit(output.blocks, FieldLimits.BLOCKS, "output channel blocks");
        String window = this instanceof VectorStage ? "window" : "kernel";
        limit(geometry.kernelHeight(), FieldLimits.KERNEL, window + " rows");
        limit(geometry.kernelWidth(), FieldLimits.KERNEL, window + " columns");
        limit(Math.max(geometry.strideY(), geometry.strideX()), FieldLimits.STRIDE, "pixels of stride");
        limit(Math.max(geometry.dilationY(), geometry.dilationX()), FieldLimits.DILATION, "pixels of dilation");
        limit(Math.max(geometry.padTop(), geometry.padLeft()), FieldLimits.PADDING, "rows or columns of padding");
    }

    private void limit(int value, int most, String what) {
        if (value > most) {
            throw CompileException.layer(
                    name, "it has %d %s, more than the accelerator's %d; use a smaller layer.", value, what, most);
        }
    }

    public abstract Queue queue();

    /** Weights in the order in which commands use them; empty for VECTOR. */
    public abstract List<WeightSlice> slices();

    /** Cycles to make {@code rows} output rows, without start-up. */
    public abstract long cycles(int rows, int pixels, int reduction);

    /** The same for the part of the work that takes {@code words} of the weights. */
    public long cycles(int rows, int words, int pixels, int reduction) {
        return cycles(rows, pixels, reduction) * words / Math.max(1, weightWords());
    }

    /** First row of input {@code operand} that output rows from {@code row} on read. */
    public int inputLow(int operand, int row) {
        return geometry.inputLow(row, inputs.get(operand).height);
    }

    /** One past the last row of input {@code operand} that output rows below {@code rows} read. */
    public int inputHigh(int operand, int rows) {
        return geometry.inputHigh(rows, inputs.get(operand).height);
    }

    public int weightWords() {
        return slices().stream().mapToInt(WeightSlice::words).sum();
    }
}
