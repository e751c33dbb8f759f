// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.channels;

import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.TensorUses;
import io.windhover.models.graph.Transpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which operators read each channel of a tensor, past slices, shuffles and joins. Channels that the same ones read
 * belong in one map; those that part ways are best made apart from the start, so that each lies where it will be joined
 * with others.
 */
public final class ChannelReaders {
    /** Fewer channels than this are not worth a map of their own. */
    private static final int SMALLEST_PART = 8;

    private final Graph graph;
    private final TensorUses uses;
    /** For each tensor a number per channel: equal where the same operators read them. */
    private final Map<Integer, long[]> readers = new HashMap<>();
    /** Tensors that are read as maps whose channels must be in order. */
    private final Set<Integer> inOrder = new HashSet<>();

    public ChannelReaders(Graph graph) {
        this.graph = graph;
        uses = new TensorUses(graph);
        Map<Integer, Integer> channels = new HashMap<>();
        graph.activations()
                .forEach(tensor -> channels.put(tensor.index(), tensor.shape().channels()));
        for (Operator operator : graph.operators()) {
            if (operator instanceof Reshape || operator instanceof Transpose) {
                channels.put(operator.output(), channels.get(operator.input()));
            }
        }
        channels.forEach((tensor, count) -> readers.put(tensor, new long[count]));
        Arrays.stream(graph.outputs()).forEach(inOrder::add);
        for (int position = graph.operators().size() - 1; position >= 0; position--) {
            read(graph.operators().get(position), position);
        }
    }

    /** The operator that alone reads the tensor, or null. */
    @Nullable
    Operator only(int tensor) {
        return uses.onlyConsumer(tensor);
    }

    /** The channels of every map that the tensor is best made as; one map of all channels unless they part ways. */
    public List<int[]> parts(int tensor) {
        long[] read = readers.get(tensor);
        if (inOrder.contains(tensor)
                || read == null
                || read.length != graph.tensor(tensor).shape().channels()) {
            return List.of(
                    IntStream.range(0, graph.tensor(tensor).shape().channels()).toArray());
        }
        Map<Long, List<Integer>> alike = new LinkedHashMap<>();
        for (int c = 0; c < read.length; c++) {
            alike.computeIfAbsent(read[c], key -> new ArrayList<>()).add(c);
        }
        List<int[]> parts = new ArrayList<>();
        List<Integer> rest = new ArrayList<>();
        for (List<Integer> part : alike.values()) {
            if (part.size() < SMALLEST_PART) {
                rest.addAll(part);
            } else {
                parts.add(ints(part));
            }
        }
        if (!rest.isEmpty()) {
            parts.add(ints(rest));
        }
        return parts;
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    private void read(Operator operator, int position) {
        int[] order = order(operator);
        if (order != null) {
            pass(operator.output(), 0, operator.input(), order);
        } else if (operator instanceof Concatenation join && join.axis() == Concatenation.Axis.CHANNEL) {
            int first = 0;
            for (int input : operator.inputs()) {
                int[] all = IntStream.range(0, graph.tensor(input).shape().channels())
                        .toArray();
                pass(operator.output(), first, input, all);
                first += all.length;
            }
        } else {
            for (int input : operator.inputs()) {
                note(input, position + 1L, !readsAnyOrder(operator));
            }
        }
    }

    /** Channel {@code order[c]} of {@code to} is read by those who read channel {@code first + c} of {@code from}. */
    private void pass(int from, int first, int to, int[] order) {
        long[] source = readers.get(from);
        long[] target = readers.get(to);
        if (source == null || target == null) {
            return;
        }
        if (inOrder.contains(from)) {
            inOrder.add(to);
        }
        for (int c = 0; c < order.length && order[c] < target.length; c++) {
            target[order[c]] = mixed(target[order[c]], source[first + c]);
        }
    }

    private void note(int tensor, long reader, boolean needsOrder) {
        long[] read = readers.get(tensor);
        if (read != null) {
            Arrays.setAll(read, c -> mixed(read[c], reader));
            if (needsOrder) {
                inOrder.add(tensor);
            }
        }
    }

    private static long mixed(long readers, long reader) {
        long mixed = (readers * 31 + reader) * 0x9E3779B97F4A7C15L;
        return reader == 0 ? readers : mixed ^ mixed >>> 29;
    }

    private static boolean readsAnyOrder(Operator operator) {
        return operator instanceof Convolution
                || operator instanceof DepthwiseConvolution
                || operator instanceof FullyConnected
                || operator instanceof MaxPool
                || operator instanceof AveragePool
                || operator instanceof LookupTable;
    }

    /** The input channel of every output channel of an operator that only chooses channels, or null. */
    int @Nullable [] order(Operator operator) {
        long[] in = readers.get(operator.input());
        if (in == null) {
            return null;
        }
        Shape shape = graph.tensor(operator.input()).shape();
        if (operator instanceof Reshape) {
            return IntStream.range(0, in.length).toArray();
        }
        if (operator instanceof Transpose transpose) {
            return Permutation.of(transpose.from(graph).dimensions(), transpose.permutation())
                    .within(in.length);
        }
        Shape out = graph.tensor(operator.output()).shape();
        boolean whole = shape.height() == out.height() && shape.width() == out.width() && shape.channels() == in.length;
        return whole && operator instanceof Slice slice
                ? IntStream.range(0, out.channels())
                        .map(c -> slice.channel() + c * slice.strideChannel())
                        .toArray()
                : null;
    }
}
