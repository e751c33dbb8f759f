// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every network of the zoo against what its publication says. */
class PublishedFiguresTest {
    /** So that all of them together take the simulated hardware a minute or two. */
    private static final long REDUCED_MACS = 60_000_000;

    static List<String> names() {
        return Zoo.names();
    }

    /** One test for both, because building the largest networks takes longest. */
    @ParameterizedTest
    @MethodSource("names")
    void sizes_match_the_publication_and_the_reduced_version_has_the_same_layers(String name) {
        ZooEntry entry = Zoo.entry(name);
        Graph whole = Zoo.load(name);
        Sizes sizes = Sizes.of(whole, entry.batchNorm());
        assertTrue(entry.published().agrees(sizes), name + " has " + sizes + " but " + entry.published());
        Graph reduced = Zoo.load(name + "@reduced");
        assertEquals(kinds(whole), kinds(reduced));
        assertTrue(reduced.macs() <= REDUCED_MACS, name + " reduced has " + reduced.macs() + " multiply-accumulates");
    }

    private static List<String> kinds(Graph graph) {
        return graph.operators().stream().map(Operator::kind).toList();
    }

    @Test
    void the_small_networks_of_the_literature_are_all_there() {
        assertTrue(Zoo.names()
                .containsAll(Set.of(
                        "lenet_300_100",
                        "lenet5",
                        "alexnet",
                        "vgg_a",
                        "vgg_b",
                        "vgg_c",
                        "vgg_d",
                        "vgg_e",
                        "googlenet",
                        "bn_inception",
                        "inception_v2",
                        "inception_v3",
                        "resnet_18",
                        "resnet_34",
                        "resnet_50",
                        "resnet_101",
                        "resnet_152",
                        "densenet_121",
                        "densenet_169",
                        "densenet_201",
                        "densenet_264",
                        "squeezenet_1.0",
                        "squeezenet_1.1",
                        "squeezenet_1.0_simple_bypass",
                        "squeezenet_1.0_complex_bypass",
                        "xception",
                        "mobilenet_v1_1.0_224",
                        "mobilenet_v1_0.75_224",
                        "mobilenet_v1_0.5_224",
                        "mobilenet_v1_0.25_224",
                        "mobilenet_v1_1.0_192",
                        "mobilenet_v1_1.0_160",
                        "mobilenet_v1_1.0_128",
                        "mobilenet_v1_0.25_96",
                        "fd_mobilenet_1.0_224",
                        "effnet",
                        "mobilenet_v2_1.0_224",
                        "mobilenet_v2_1.4_224",
                        "mobilenet_v2_0.35_96",
                        "mobilenet_v3_large",
                        "mobilenet_v3_small",
                        "shufflenet_v1_1.0_g1",
                        "shufflenet_v1_1.0_g2",
                        "shufflenet_v1_1.0_g3",
                        "shufflenet_v1_1.0_g4",
                        "shufflenet_v1_1.0_g8",
                        "shufflenet_v2_0.5",
                        "shufflenet_v2_1.0",
                        "shufflenet_v2_1.5",
                        "shufflenet_v2_2.0",
                        "efficientnet_b0",
                        "efficientnet_v2_s",
                        "csp_resnet_50",
                        "csp_densenet",
                        "mobilenet_v3_small_xsep_k5",
                        "mobilenet_v3_small_xsep_k7",
                        "mobilenet_v3_small_xsep_k7_down",
                        "xnor_alexnet",
                        "xnor_resnet_18",
                        "bwn_alexnet",
                        "cnv_w1a1",
                        "lfc_w1a1",
                        "tfc_w1a1",
                        "locally_connected",
                        "maxout")));
    }

    @Test
    void counts_leave_out_fixed_sums_and_know_batch_norm() {
        assertEquals(Zoo.entry("vgg_a").sizes(), Zoo.entry("vgg_a_lrn").sizes());
        assertEquals(22_855_952, Zoo.entry("xception").sizes().unfoldedParameters());
        assertEquals(7_978_856, Zoo.entry("densenet_121").sizes().unfoldedParameters());
        assertEquals(25_557_032, Zoo.entry("resnet_50").sizes().unfoldedParameters());
    }

    @Test
    void a_figure_agrees_within_two_percent_its_rounding_or_its_range() {
        assertTrue(Figure.parse("569 M").agrees(579_000_000));
        assertFalse(Figure.parse("569 M").agrees(581_000_000));
        assertTrue(Figure.parse("0.5 M").agrees(460_000));
        assertTrue(Figure.parse("1.5-1.6 G").agrees(1_550_000_000));
        assertFalse(Figure.parse("1.5-1.6 G").agrees(1_700_000_000));
        assertThrows(ModelException.class, () -> Figure.parse("many"));
    }
}
