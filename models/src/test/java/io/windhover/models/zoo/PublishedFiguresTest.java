package io.windhover.models.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every network of the zoo against what its publication says. */
class PublishedFiguresTest {
    static List<String> names() {
        return Zoo.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void sizes_match_the_publication(String name) {
        Published published = Zoo.entry(name).published();
        Sizes sizes = Zoo.entry(name).sizes();
        assertTrue(published.agrees(sizes), name + " has " + sizes + " but " + published);
    }

    @ParameterizedTest
    @MethodSource("names")
    void the_reduced_version_is_small_and_has_the_same_layers(String name) {
        Graph reduced = Zoo.reduced(name);
        assertTrue(reduced.macs() <= 60_000_000, name + " reduced has " + reduced.macs() + " multiply-accumulates");
        assertEquals(kinds(Zoo.load(name)), kinds(reduced));
        assertEquals(kinds(reduced), kinds(Zoo.load(name + "@reduced")));
    }

    private static List<String> kinds(Graph graph) {
        return graph.operators().stream().map(Operator::kind).toList();
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
