// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.lowering;

import io.windhover.models.graph.Operator;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.MemoryArea;
import io.windhover.runtime.compiler.stage.Strides;

/** A map put together in memory: stages store their rows where they belong, later segments load the whole. */
public final class Assembly {
    private final BlockCopies copies;
    private final Operator operator;
    private final MemoryArea area;

    Assembly(BlockCopies copies, Operator operator, long bytes) {
        this.copies = copies;
        this.operator = operator;
        area = MemoryArea.of(bytes);
    }

    public MemoryArea area() {
        return area;
    }

    /** Stores all of {@code part} there. */
    public void add(MapNode part, Strides there) {
        add(part, 0, part.height, 0, part.width, there);
    }

    /** Stores these columns of every row of {@code part} there. */
    public void add(MapNode part, int firstColumn, int columns, Strides there) {
        add(part, 0, part.height, firstColumn, columns, there);
    }

    /** Stores these rows and columns of {@code part} there. */
    public void add(MapNode part, int firstRow, int rows, int firstColumn, int columns, Strides there) {
        MapNode holder = part.lineage().stream()
                .filter(MapNode::isWritten)
                .findFirst()
                .orElseGet(() -> copies.copy(operator, part));
        int firstBlock = holder.blocks == part.blocks ? 0 : part.rootBlock() - holder.rootBlock();
        holder.copies.add(new MapNode.Copy(area, firstRow, rows, firstBlock, part.blocks, firstColumn, columns, there));
    }

    /** The map as loaded: its row y is row {@code rows[y]} in memory. */
    public MapNode map(String name, int width, int blocks, Strides strides, int[] rows) {
        return new MapNode(name, rows.length, width, blocks, new MapNode.Assembled(area, strides, rows));
    }
}
