package io.windhover.runtime.compiler;

import io.windhover.driver.contract.Contract.Queue;
import java.util.List;

/** Work of one compute engine that makes one map out of others; several stages may stand for one operator. */
abstract sealed class Stage permits Int8Stage, XnorStage, VectorStage {
    final String name;
    /** Position of the operator in the graph. */
    final int layer;
    final List<MapNode> inputs;
    final MapNode output;
    final Geometry geometry;
    /** Position in execution order. */
    int order;

    Stage(String name, int layer, List<MapNode> inputs, MapNode output, Geometry geometry) {
        this.name = name;
        this.layer = layer;
        this.inputs = List.copyOf(inputs);
        this.output = output;
        this.geometry = geometry;
    }

    abstract Queue queue();

    /** Weights in the order in which commands use them; empty for VECTOR. */
    abstract List<Piece> pieces();

    /** Cycles to make {@code rows} output rows, without start-up. */
    abstract long cycles(int rows, int positionsPerCycle, int reduction);

    /** First row of input {@code operand} that output rows from {@code row} on read. */
    int inputLow(int operand, int row) {
        return geometry.inputLow(row, inputs.get(operand).height);
    }

    /** One past the last row of input {@code operand} that output rows below {@code rows} read. */
    int inputHigh(int operand, int rows) {
        return geometry.inputHigh(rows, inputs.get(operand).height);
    }

    int weightWords() {
        return pieces().stream().mapToInt(Piece::words).sum();
    }
}
