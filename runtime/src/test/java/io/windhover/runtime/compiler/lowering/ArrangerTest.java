// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.lowering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.windhover.contract.VectorOperation;
import io.windhover.driver.Capabilities;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.TensorType;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.channels.Channels;
import io.windhover.runtime.compiler.program.MapAddress;
import io.windhover.runtime.compiler.program.Regions;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.Int8Stage;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.MemoryArea;
import io.windhover.runtime.compiler.stage.Stage;
import io.windhover.runtime.compiler.stage.VectorStage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ArrangerTest {
    private static final int ROWS = 6;
    private static final int COLUMNS = 5;

    private final Graph graph = RandomGraphs.network(3);
    private final Operator operator = graph.operators().get(0);
    private final LoweringState state = new LoweringState(graph, Capabilities.named("zynq7020"), false, false);
    private final BlockCopies copies = new BlockCopies(new VectorStageBuilder(state));
    private final Arranger arranger =
            new Arranger(state, new Int8StageBuilder(state, new Fusions(graph, false), copies), copies);

    /** A map that a stage makes. */
    private static MapNode made(int blocks) {
        MemoryArea area = MemoryArea.input(new MapAddress(Regions.INPUT, 0), 8L * ROWS * COLUMNS * blocks);
        MapNode input = new MapNode("input", ROWS, COLUMNS, blocks, new MapNode.Direct(area, 8 * blocks));
        MapNode map = new MapNode("made", ROWS, COLUMNS, blocks, null);
        VectorStage.Mode mode = VectorStage.Mode.pool(VectorOperation.MAXIMUM_POOL, -128, 127);
        map.producers.add(new VectorStage("pool", 0, List.of(input), map, Geometry.POINT, mode));
        return map;
    }

    private ChannelView view(Channels channels) {
        return arranger.view(operator, channels, TensorType.INT8);
    }

    @Test
    void channels_of_one_map_are_seen_where_they_lie() {
        MapNode map = made(4);
        ChannelView view = view(Channels.of(map, new int[] {9, 8, 23, 16}));
        assertEquals(1, view.map().rootBlock());
        assertEquals(2, view.map().blocks);
        assertSame(map, view.map().root());
        assertArrayEquals(new int[] {1, 0, 15, 8}, view.byteOf());
        assertEquals(List.of(), state.stages);
    }

    @Test
    void maps_that_stages_make_become_parts_of_one() {
        MapNode first = made(2);
        MapNode second = made(1);
        ChannelView view = view(Channels.joined(List.of(Channels.of(second, 8), Channels.of(first, 16))));
        assertEquals(3, view.map().blocks);
        assertSame(second.root(), first.root());
        assertArrayEquals(IntStream.range(0, 24).toArray(), view.byteOf());
        assertEquals(List.of(), state.stages);
    }

    @Test
    void a_map_of_which_little_is_used_is_copied_into_the_joined_one() {
        MapNode whole = made(1);
        MapNode wide = made(8);
        ChannelView view =
                view(Channels.joined(List.of(Channels.of(whole, 8), Channels.of(wide, new int[] {40, 41, 42}))));
        assertEquals(2, view.map().blocks);
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, view.byteOf());
        assertEquals(1, state.stages.size());
        assertEquals(
                5,
                assertInstanceOf(VectorStage.class, state.stages.get(0))
                        .inputs
                        .get(0)
                        .rootBlock());
    }

    @Test
    void blocks_far_apart_in_one_map_are_brought_together() {
        MapNode map = made(16);
        ChannelView view = view(Channels.of(map, new int[] {0, 1, 120, 121}));
        assertEquals(2, view.map().blocks);
        assertArrayEquals(new int[] {0, 1, 8, 9}, view.byteOf());
        assertEquals(2, state.stages.size());
    }

    @Test
    void whole_blocks_in_another_order_are_copied_by_the_vector_engine() {
        MapNode map = made(3);
        int[] byteOf = new int[24];
        for (int c = 0; c < byteOf.length; c++) {
            byteOf[c] = (2 - c / 8) * 8 + c % 8;
        }
        MapNode ordered = arranger.inOrder(operator, new ChannelView(map, byteOf), TensorType.INT8);
        assertEquals(3, ordered.blocks);
        assertEquals(
                List.of(2, 1, 0),
                state.stages.stream().map(s -> s.inputs.get(0).rootBlock()).toList());
        state.stages.forEach(stage -> assertInstanceOf(VectorStage.class, stage));
    }

    @Test
    void channels_that_change_places_within_a_block_take_a_layer_of_ones() {
        MapNode map = made(1);
        MapNode ordered =
                arranger.inOrder(operator, new ChannelView(map, new int[] {7, 6, 5, 4, 3, 2, 1, 0}), TensorType.INT8);
        assertEquals(1, ordered.blocks);
        Stage stage = state.stages.get(0);
        assertInstanceOf(Int8Stage.class, stage);
        assertSame(ordered, stage.output);
    }

    @Test
    void channels_in_order_cost_nothing() {
        MapNode map = made(2);
        MapNode ordered = arranger.inOrder(operator, ChannelView.plain(map, 11), TensorType.INT8);
        assertSame(map.root(), ordered.root());
        assertEquals(List.of(), state.stages);
    }
}
