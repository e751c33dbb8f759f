// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Old converters write a dilated convolution as SPACE_TO_BATCH_ND, a convolution without padding, and
 * BATCH_TO_SPACE_ND. The three become one: the pieces are kept by the tensors between them until the last one arrives.
 * Of lines [1, columns, channels] the pieces get rows for the convolution, and lose them again behind it.
 */
final class Dilations {
    /** A map cut into interleaved pieces. */
    private record Split(Tensor input, int blockY, int blockX, Padding padding) {
        boolean isLine() {
            return input.shape().rank() == LINE_RANK;
        }
    }

    /** A convolution of such pieces that waits for being put together. */
    private record Pending(Split split, SourceOperator convolution, OperatorImporter importer) {}

    private static final int LINE_RANK = 3;
    private static final int[] ONE_ROW = {1};
    private static final int[] NO_ROWS = {0, 0};

    private final Map<Integer, Split> splits = new HashMap<>();
    /** Those that no convolution has read yet. */
    private final Set<Integer> unread = new HashSet<>();

    private final Map<Integer, Pending> pending = new HashMap<>();

    /** SPACE_TO_BATCH_ND. */
    static void readSplit(SourceOperator source, Sink sink) {
        int[] block = ofMap(source, ONE_ROW, source.integers(1));
        int[] amounts = ofMap(source, NO_ROWS, source.integers(2));
        source.require(
                block.length == 2 && amounts.length == 4,
                "it splits %d dimensions instead of height and width.",
                block.length);
        Tensor input = isLine(source) ? source.input(0) : source.map(0);
        source.require(input.shape().dimensions().get(0) == 1, "it splits more than one frame: %s.", input);
        requireSameCodes(source, input, source.output());
        Padding padding = new Padding(amounts[0], amounts[2], amounts[1], amounts[3]);
        sink.dilations().add(source.output().index(), new Split(input, block[0], block[1], padding));
    }

    private void add(int pieces, Split split) {
        splits.put(pieces, split);
        unread.add(pieces);
    }

    private static boolean isLine(SourceOperator source) {
        return source.output().shape().rank() == LINE_RANK;
    }

    /** Those of height and width; a line has one row. */
    private static int[] ofMap(SourceOperator source, int[] ofRow, int[] numbers) {
        return isLine(source)
                ? IntStream.concat(Arrays.stream(ofRow), Arrays.stream(numbers)).toArray()
                : numbers;
    }

    /** An importer of operators that only change dimensions, which pieces of lines pass. */
    static OperatorImporter past(OperatorImporter importer) {
        return (source, sink) -> {
            Dilations dilations = sink.dilations();
            int from = source.source(0).index();
            Split split = dilations.splits.get(from);
            Pending waiting = dilations.pending.get(from);
            if (split != null && split.isLine()) {
                Shape pieces = source.input(0).shape();
                requireSameCodes(source, source.input(0), source.output());
                source.requireShape(new int[] {pieces.dimensions().get(0), 1, pieces.width(), pieces.channels()});
                dilations.unread.remove(from);
                dilations.add(source.output().index(), split);
            } else if (waiting != null && waiting.split().isLine()) {
                Shape pieces = source.input(0).shape();
                requireSameCodes(source, source.input(0), source.output());
                source.requireShape(new int[] {pieces.dimensions().get(0), pieces.width(), pieces.channels()});
                dilations.pending.remove(from);
                dilations.pending.put(source.output().index(), waiting);
            } else {
                importer.read(source, sink);
            }
        };
    }

    /** An importer of convolutions that keeps those of pieces waiting. */
    static OperatorImporter within(OperatorImporter importer) {
        return (source, sink) -> {
            Split split = sink.dilations().splits.get(source.source(0).index());
            if (split == null) {
                importer.read(source, sink);
            } else {
                sink.dilations().unread.remove(source.source(0).index());
                sink.dilations().pending.put(source.output().index(), new Pending(split, source, importer));
            }
        };
    }

    /**
     * BATCH_TO_SPACE_ND: the convolution is read as if it were dilated, from the whole map to this operator's output.
     */
    static void readJoin(SourceOperator source, Sink sink) {
        Pending waiting = source.requirePresent(
                sink.dilations().pending.remove(source.source(0).index()),
                "it does not follow a convolution of what SPACE_TO_BATCH_ND split.");
        Split split = waiting.split();
        int[] block = ofMap(source, ONE_ROW, source.integers(1));
        int[] crops = ofMap(source, NO_ROWS, source.integers(2));
        source.require(
                block.length == 2 && crops.length == 4 && block[0] == split.blockY() && block[1] == split.blockX(),
                "it puts other pieces together than SPACE_TO_BATCH_ND split.");
        requireSameCodes(source, source.input(0), source.output());
        Padding padding = split.padding();
        Padding left = new Padding(
                padding.top() - crops[0],
                padding.left() - crops[2],
                padding.bottom() - crops[1],
                padding.right() - crops[3]);
        Shape shape = split.input().shape();
        Tensor map = split.isLine()
                ? sink.view(split.input(), Shape.map(1, shape.width(), shape.channels()))
                : split.input();
        SourceOperator convolution = waiting.convolution();
        waiting.importer()
                .read(
                        convolution.dilated(
                                source.output().index(),
                                new SourceOperator.Dilation(map, split.blockY(), split.blockX(), left)),
                        sink);
    }

    /** Pieces are copies: nothing is requantised on the way. */
    private static void requireSameCodes(SourceOperator source, Tensor from, Tensor to) {
        if (from.type() == TensorType.FLOAT32 && to.type() == TensorType.FLOAT32) {
            return;
        }
        Quantization before = source.quantization(from);
        Quantization after = source.quantization(to);
        source.require(
                from.type() == to.type() && before.scale() == after.scale() && before.zeroPoint() == after.zeroPoint(),
                "%s and %s have different scales or zero points.",
                from,
                to);
    }

    /** Refuses pieces that were never put together. */
    void requireNonePending() {
        for (Pending waiting : pending.values()) {
            throw waiting.convolution()
                    .refuse("what SPACE_TO_BATCH_ND split is not put together again right behind it.");
        }
        unread.stream().findAny().map(splits::get).ifPresent(split -> {
            throw new ModelException(split.input() + " is split by SPACE_TO_BATCH_ND for no convolution.");
        });
    }

    /** The window of a convolution of pieces, seen from the whole map. */
    static Window window(Window piece, SourceOperator.Dilation dilation) {
        return new Window(
                piece.kernelHeight(), piece.kernelWidth(), 1, 1, dilation.y(), dilation.x(), dilation.padding());
    }
}
