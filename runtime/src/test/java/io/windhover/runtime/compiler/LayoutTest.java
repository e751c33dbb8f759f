// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.driver.Capabilities;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.compiler.channels.Permutation;
import io.windhover.runtime.compiler.operators.GraphLowering;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.MapAddress;
import io.windhover.runtime.compiler.program.Placement;
import io.windhover.runtime.compiler.program.ProgramCheck;
import io.windhover.runtime.compiler.program.Progressions;
import io.windhover.runtime.compiler.program.Regions;
import io.windhover.runtime.compiler.stage.Int8Stage;
import io.windhover.runtime.compiler.stage.Stage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What moving elements costs: stages that compute nothing. */
class LayoutTest {
    private static final Capabilities ZYNQ = Capabilities.named("zynq7020");

    private static List<Stage> moves(String network) {
        return stages(Zoo.load(network))
                .filter(stage -> stage.output.name.matches(".*/(copy|copies|packed)"))
                .toList();
    }

    private static Stream<Stage> stages(Graph graph) {
        return new GraphLowering(
                        graph,
                        ZYNQ,
                        Placement.of(graph).jobs().get(0),
                        List.of(new MapAddress(Regions.INPUT, 0)),
                        false,
                        false)
                .lower().stages.stream();
    }

    @Test
    void a_dense_block_copies_nothing() {
        assertEquals(List.of(), moves("densenet_121"));
    }

    @Test
    void sixteen_splits_and_shuffles_copy_little() {
        List<Stage> moves = moves("shufflenet_v2_1.0");
        long words = moves.stream().mapToLong(stage -> stage.output.bytes() / 8).sum();
        assertTrue(moves.size() <= 16 && words <= 4_000, moves.size() + " copies of " + words + " words");
        assertTrue(moves.stream().noneMatch(stage -> stage instanceof Int8Stage));
    }

    @Test
    void shuffles_between_few_groups_fold_into_weights() {
        assertEquals(List.of(), moves("shufflenet_v1_1.0_g3"));
    }

    /** And a copy of the input, which no stage makes. */
    @Test
    void a_bilinear_resize_to_twice_the_size_is_one_stage() {
        GraphBuilder graph = new GraphBuilder("doubling");
        Quantization quantization = Quantization.of(1, 0);
        graph.input("input", TensorType.INT8, Shape.map(9, 12, 24), quantization);
        graph.tensor("output", TensorType.INT8, Shape.map(18, 24, 24), quantization);
        graph.operator(new Resize("resize", new int[] {0}, new int[] {1}, Resize.Mode.BILINEAR, false, true));
        assertEquals(2, stages(graph.build(1)).count());
    }

    @Test
    void a_queue_is_never_given_more_tokens_than_it_may_hold() {
        GraphBuilder graph = new GraphBuilder("many_small_parts");
        Quantization quantization = Quantization.of(1, 0);
        graph.input("input", TensorType.INT8, Shape.map(1, 2, 64), quantization);
        for (int output = 1; output <= 6; output++) {
            graph.tensor("output" + output, TensorType.INT8, Shape.map(12, 7, 64), quantization);
            graph.operator(new Resize(
                    "resize" + output, new int[] {0}, new int[] {output}, Resize.Mode.BILINEAR, false, true));
        }
        CompiledModel model = Compiler.compile(graph.build(1, 2, 3, 4, 5, 6), ZYNQ);
        assertTrue(model.commandCount() > 2 * ProgramCheck.MOST_TOKENS, model.commandCount() + " commands");
    }

    @Test
    void progressions_are_as_long_as_they_can_be() {
        List<Progressions.Run> runs = Progressions.of(new int[] {0, 1, 2, 3, 4, 5}, new int[] {0, 0, 1, 1, 2, 2}, 1);
        assertEquals(List.of(new Progressions.Run(0, 2, 0, 1, 3), new Progressions.Run(1, 2, 0, 1, 3)), runs);
    }

    @Test
    void dimensions_of_one_move_nothing() {
        assertTrue(Permutation.of(List.of(1, 5, 1, 7), new int[] {2, 1, 0, 3}).movesNothing());
    }

    @Test
    void a_shuffle_orders_channels_group_by_group() {
        Permutation shuffle = Permutation.of(List.of(1, 4, 4, 2, 3), new int[] {0, 1, 2, 4, 3});
        assertArrayEquals(new int[] {0, 3, 1, 4, 2, 5}, shuffle.within(6));
    }
}
