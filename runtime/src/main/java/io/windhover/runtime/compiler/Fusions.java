package io.windhover.runtime.compiler;

import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.PostProcess;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Operators that disappear into their neighbour: a table after a convolution, padding before one. None when every tensor is wanted. */
final class Fusions {
    private static final int LARGEST_PAD = 127;

    private final Map<Operator, LookupTable> tables = new HashMap<>();
    private final Map<Operator, Pad> pads = new HashMap<>();

    Fusions(Graph graph, boolean everyTensor) {
        if (everyTensor) {
            return;
        }
        for (Operator operator : graph.operators()) {
            if (operator instanceof LookupTable table) {
                Operator before = producer(graph, table.input());
                if (before != null && requantises(before) && onlyConsumer(graph, table.input())) {
                    tables.put(before, table);
                }
            } else if (operator instanceof Pad pad && onlyConsumer(graph, pad.output())) {
                Operator after = consumers(graph, pad.output()).get(0);
                if (absorbs(after, pad)) {
                    pads.put(after, pad);
                }
            }
        }
    }

    @Nullable LookupTable tableAfter(Operator operator) {
        return tables.get(operator);
    }

    @Nullable Pad padBefore(Operator operator) {
        return pads.get(operator);
    }

    boolean isFused(Operator operator) {
        return operator instanceof LookupTable && tables.containsValue(operator) || operator instanceof Pad && pads.containsValue(operator);
    }

    private static boolean requantises(Operator operator) {
        return operator instanceof Convolution c && c.post() instanceof PostProcess.Requantize
                || operator instanceof DepthwiseConvolution d && d.post() instanceof PostProcess.Requantize
                || operator instanceof FullyConnected f && f.post() instanceof PostProcess.Requantize;
    }

    private static boolean absorbs(Operator operator, Pad pad) {
        if (pad.channelsBefore() != 0 || pad.channelsAfter() != 0) {
            return false;
        }
        if (operator instanceof Convolution c) {
            return c.inputZeroPoint() == pad.value() && fits(pad, c.window().padding().top(), c.window().padding().left());
        }
        return operator instanceof DepthwiseConvolution d && d.inputZeroPoint() == pad.value()
                && fits(pad, d.window().padding().top(), d.window().padding().left());
    }

    private static boolean fits(Pad pad, int top, int left) {
        return pad.padding().top() + top <= LARGEST_PAD && pad.padding().left() + left <= LARGEST_PAD;
    }

    private static boolean onlyConsumer(Graph graph, int tensor) {
        return consumers(graph, tensor).size() == 1 && Arrays.stream(graph.outputs()).noneMatch(output -> output == tensor);
    }

    static List<Operator> consumers(Graph graph, int tensor) {
        return graph.operators().stream()
                .filter(operator -> Arrays.stream(operator.inputs()).anyMatch(input -> input == tensor))
                .toList();
    }

    private static @Nullable Operator producer(Graph graph, int tensor) {
        return graph.operators().stream()
                .filter(operator -> Arrays.stream(operator.outputs()).anyMatch(output -> output == tensor))
                .findFirst()
                .orElse(null);
    }
}
