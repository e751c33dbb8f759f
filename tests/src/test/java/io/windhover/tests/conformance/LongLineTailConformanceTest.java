// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Add;
import io.windhover.models.graph.Axes;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Transpose;
import io.windhover.models.graph.Window;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.Placement;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Tails of detectors: heads of several maps that are flattened, turned, joined and cut, with channels first or last.
 */
class LongLineTailConformanceTest {
    private static final long SEED = 41;

    private final GraphBuilder graph = new GraphBuilder("tail");
    private TensorType type = TensorType.INT8;
    private final Random random = new Random(SEED);

    private Quantization quantization() {
        return Quantization.of(0.05f, zeroPoint());
    }

    private int zeroPoint() {
        return type == TensorType.INT8 ? -7 : 120;
    }

    private int input(int... dimensions) {
        return graph.input("input", type, Shape.of(dimensions), quantization());
    }

    private int tensor(int... dimensions) {
        return graph.tensor("tensor", type, Shape.of(dimensions), quantization());
    }

    private int added(Operator operator) {
        graph.operator(operator);
        return operator.output();
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private int table(int input) {
        int output = tensor(graph.shape(input).toArray());
        return added(new LookupTable("table", new int[] {input}, new int[] {output}, "random", bytes(256)));
    }

    private int reshape(int input, int... dimensions) {
        return added(new Reshape("reshape", new int[] {input}, new int[] {tensor(dimensions)}));
    }

    private int transpose(int input, int... permutation) {
        int[] from = graph.shape(input).toArray();
        int[] to = new int[from.length];
        for (int d = 0; d < to.length; d++) {
            to[d] = from[permutation[d]];
        }
        return added(new Transpose("transpose", new int[] {input}, new int[] {tensor(to)}, permutation));
    }

    /** Along the last dimension but {@code fromEnd}. */
    private int join(int fromEnd, int... parts) {
        int[] dimensions = graph.shape(parts[0]).toArray();
        int axis = dimensions.length - 1 - fromEnd;
        dimensions[axis] = 0;
        for (int part : parts) {
            dimensions[axis] += graph.shape(part).toArray()[axis];
        }
        Concatenation.Axis along = fromEnd == 0 ? Concatenation.Axis.CHANNEL : Concatenation.Axis.WIDTH;
        return added(new Concatenation("join", parts, new int[] {tensor(dimensions)}, along));
    }

    /** A slice of the last dimension but {@code fromEnd}, which is channels or columns. */
    private int cut(int input, int fromEnd, int from, int count) {
        int[] dimensions = graph.shape(input).toArray();
        dimensions[dimensions.length - 1 - fromEnd] = count;
        int left = fromEnd == 1 ? from : 0;
        int channel = fromEnd == 0 ? from : 0;
        return added(new Slice("cut", new int[] {input}, new int[] {tensor(dimensions)}, 0, left, channel, 1, 1, 1));
    }

    private int add(int first, int second) {
        Rescale half = new Rescale(1 << 30, 0);
        int output = tensor(graph.shape(first).toArray());
        return added(new Add(
                "add",
                new int[] {first, second},
                new int[] {output},
                8,
                zeroPoint(),
                half,
                zeroPoint(),
                half,
                zeroPoint(),
                new Rescale(1 << 30, -7),
                type.minimum(),
                type.maximum()));
    }

    private int convolution(int input, int channels) {
        Shape in = graph.shape(input);
        int[] dimensions = in.toArray();
        dimensions[dimensions.length - 1] = channels;
        return added(new Convolution(
                "convolution",
                new int[] {input},
                new int[] {tensor(dimensions)},
                new Window(1, 1, 1, 1, 1, 1, Padding.NONE),
                channels,
                1,
                bytes(channels * in.channels()),
                type == TensorType.INT8 ? 0 : 3,
                new int[channels],
                zeroPoint(),
                PostProcess.Requantize.uniform(
                        new Rescale(1 << 30, -6), channels, zeroPoint(), type.minimum(), type.maximum())));
    }

    /** All of it but reshapes at the end on the accelerator, with every tensor that the device makes. */
    private void check(Accelerator accelerator, int... outputs) {
        Graph built = graph.build(outputs);
        assertEquals(
                List.of(),
                Placement.of(built).hostOperators().stream()
                        .map(built.operators()::get)
                        .filter(operator -> !(operator instanceof Reshape))
                        .toList());
        byte[][] inputs = RandomGraphs.inputs(built, SEED);
        Executor executor = new Executor(accelerator);
        for (boolean every : new boolean[] {false, true}) {
            CompiledModel model = every
                    ? Compiler.compileKeepingEveryTensor(built, accelerator.capabilities())
                    : Compiler.compile(built, accelerator.capabilities());
            assertEquals("", Comparison.difference(built, model, executor, inputs));
        }
    }

    /** Of a new test. */
    private interface Tail {
        void run(LongLineTailConformanceTest test);
    }

    private static void everyType(Tail tail) {
        for (TensorType type : new TensorType[] {TensorType.INT8, TensorType.UINT8}) {
            LongLineTailConformanceTest test = new LongLineTailConformanceTest();
            test.type = type;
            tail.run(test);
        }
    }

    /** Heads of sides {@code sides}: [1, pixels, channels]. */
    private int channelsLast(int channels, int... sides) {
        int[] heads = new int[sides.length];
        for (int head = 0; head < sides.length; head++) {
            int map = convolution(input(1, sides[head], sides[head], 8), channels);
            heads[head] = reshape(table(map), 1, sides[head] * sides[head], channels);
        }
        return join(1, heads);
    }

    /** [1, channels, pixels], each head turned before they are joined. */
    private int channelsFirst(int channels, int... sides) {
        int[] heads = new int[sides.length];
        for (int head = 0; head < sides.length; head++) {
            int map = convolution(input(1, sides[head], sides[head], 8), channels);
            heads[head] = transpose(reshape(table(map), 1, sides[head] * sides[head], channels), 0, 2, 1);
        }
        return join(0, heads);
    }

    @Test
    @Simulated("functional:zynq7020")
    void heads_that_are_turned_at_the_end_are_equal(Accelerator accelerator) {
        everyType(test -> test.check(accelerator, test.transpose(test.channelsLast(84, 32, 16, 8), 0, 2, 1)));
        everyType(test -> test.check(accelerator, test.transpose(test.channelsLast(9, 48, 24, 11), 0, 2, 1)));
        everyType(test -> {
            int tail = test.table(test.transpose(test.channelsLast(20, 46, 23, 12), 0, 2, 1));
            test.check(accelerator, test.reshape(tail, 1, 20, 1, 46 * 46 + 23 * 23 + 144), test.cut(tail, 1, 4, 16));
        });
    }

    @Test
    @Simulated("functional:zynq7020")
    void heads_that_are_turned_before_they_are_joined_are_equal(Accelerator accelerator) {
        everyType(test -> {
            int tail = test.channelsFirst(68, 40, 20, 10);
            int boxes = test.cut(tail, 1, 0, 64);
            int classes = test.table(test.cut(tail, 1, 64, 4));
            test.check(accelerator, test.join(1, classes, boxes), test.transpose(tail, 0, 2, 1));
        });
        everyType(test -> test.check(accelerator, test.table(test.channelsFirst(5, 80, 40, 20))));
        everyType(test -> test.check(accelerator, test.table(test.channelsFirst(7, 46, 23, 12))));
    }

    /** Anchors before the pixels, as in older YOLOv5 models. */
    private int anchored(int side, int channels) {
        int pixels = side * side;
        int map = reshape(convolution(input(1, side, side, 8), 3 * channels), 1, pixels, 3, channels);
        int boxes = table(transpose(map, 0, 2, 1, 3));
        int centres = cut(boxes, 0, 0, 2);
        int sizes = cut(boxes, 0, 2, 2);
        int rest = cut(boxes, 0, 4, channels - 4);
        return reshape(join(0, add(centres, sizes), table(sizes), rest), 1, 3 * pixels, channels);
    }

    @Test
    @Simulated("functional:zynq7020")
    void heads_with_anchors_before_pixels_are_equal(Accelerator accelerator) {
        everyType(test -> test.check(accelerator, test.join(1, test.anchored(28, 85), test.anchored(14, 85))));
        everyType(test -> test.check(accelerator, test.join(1, test.anchored(52, 6), test.anchored(13, 6))));
        everyType(test -> test.check(accelerator, test.anchored(80, 11)));
    }

    /** The same of a model that has channels first, where every map is turned to come so. */
    private int anchoredChannelsFirst(int side, int anchors, int channels) {
        int pixels = side * side;
        int map = reshape(convolution(input(1, side, side, 8), anchors * channels), 1, pixels, anchors * channels);
        int anchored = reshape(transpose(map, 0, 2, 1), 1, anchors, channels, pixels);
        return reshape(table(transpose(anchored, 0, 1, 3, 2)), 1, anchors * pixels, channels);
    }

    @Test
    @Simulated("functional:zynq7020")
    void heads_with_anchors_and_channels_first_are_equal(Accelerator accelerator) {
        everyType(test -> test.check(
                accelerator, test.join(1, test.anchoredChannelsFirst(52, 3, 9), test.anchoredChannelsFirst(13, 3, 9))));
        everyType(test -> test.check(accelerator, test.table(test.anchoredChannelsFirst(46, 2, 85))));
        everyType(test -> {
            int pairs = test.reshape(test.convolution(test.input(1, 46, 46, 8), 10), 1, 2116, 2, 5);
            int turned = test.reshape(test.transpose(pairs, 0, 3, 2, 1), 1, 5, 4232);
            test.check(accelerator, test.transpose(test.join(0, turned, turned), 0, 2, 1));
        });
        everyType(test -> {
            int lines = test.reshape(test.input(1, 64, 2100), 1, 4, 16, 2100);
            test.check(accelerator, test.table(test.transpose(lines, 0, 1, 3, 2)));
        });
    }

    /** A kernel of 3 x 3 before the last layer keeps the map as it is. */
    private int separable(int side, int channels) {
        int map = input(1, side, side, 16);
        int output = tensor(graph.shape(map).toArray());
        int features = added(new DepthwiseConvolution(
                "features",
                new int[] {map},
                new int[] {output},
                Window.square(3, 1, 1),
                1,
                bytes(9 * 16),
                type == TensorType.INT8 ? 0 : 3,
                new int[16],
                zeroPoint(),
                PostProcess.Requantize.uniform(
                        new Rescale(1 << 30, -5), 16, zeroPoint(), type.minimum(), type.maximum())));
        return convolution(features, channels);
    }

    @Test
    @Simulated("functional:zynq7020")
    void boxes_of_wide_pixels_are_equal(Accelerator accelerator) {
        everyType(test -> {
            int large = test.reshape(test.separable(40, 810), 1, 14_400, 90);
            int small = test.reshape(test.separable(5, 810), 1, 225, 90);
            test.check(accelerator, test.table(test.join(1, large, small)));
        });
    }

    @Test
    @Simulated("functional:zynq7020")
    void short_lines_of_many_channels_are_equal(Accelerator accelerator) {
        everyType(test -> {
            int line = test.input(1, 200, 256);
            test.check(accelerator, test.table(test.add(line, test.convolution(line, 256))));
        });
        everyType(test -> {
            int line = test.convolution(test.input(1, 1, 77, 512), 1024);
            int gate = test.table(test.cut(line, 0, 512, 512));
            test.check(accelerator, test.add(gate, test.cut(line, 0, 0, 512)));
        });
        everyType(test -> {
            int line = test.input(1, 196, 192);
            int mixed = test.convolution(test.transpose(line, 0, 2, 1), 196);
            test.check(accelerator, test.add(line, test.transpose(mixed, 0, 2, 1)));
        });
    }

    @Test
    @Simulated("functional:zynq7020")
    void elements_without_pixels_are_equal(Accelerator accelerator) {
        for (int elements : new int[] {8400, 33_600, 8409, 25_202}) {
            everyType(test -> {
                int first = test.input(1, elements);
                int sum = test.add(test.table(first), test.input(1, elements));
                test.check(accelerator, test.table(sum), test.table(test.add(sum, first)));
            });
        }
        everyType(test -> {
            int boxes = test.reshape(test.convolution(test.input(1, 96, 96, 8), 2), 1, 9216, 2);
            int centres = test.reshape(test.cut(boxes, 0, 0, 1), 1, 9216);
            int sizes = test.reshape(test.cut(boxes, 0, 1, 1), 1, 9216);
            int all = test.table(test.reshape(boxes, 1, 18_432));
            test.check(
                    accelerator,
                    test.add(centres, sizes),
                    all,
                    test.add(test.transpose(boxes, 0, 2, 1), test.input(1, 2, 9216)));
        });
    }

    /** The sums of the channels of maps whose rows are folded. */
    @Test
    @Simulated("functional:zynq7020")
    void means_of_wide_maps_are_equal(Accelerator accelerator) {
        for (int[] map : new int[][] {{2, 250, 320}, {120, 120, 600}, {3, 240, 300}}) {
            everyType(test -> {
                int wide = test.convolution(test.input(1, map[0], map[1], 8), map[2]);
                int mean = test.tensor(1, 1, 1, map[2]);
                int zeroPoint = test.zeroPoint();
                Rescale rescale = new Rescale(1 << 30, -9);
                Axes axes = new Axes(true, true, false);
                test.added(new Mean("mean", new int[] {wide}, new int[] {mean}, axes, zeroPoint, rescale, zeroPoint));
                test.check(accelerator, mean);
            });
        }
    }

    @Test
    @Simulated("rtl:tiny")
    void turned_heads_are_equal_on_the_smallest_hardware(Accelerator accelerator) {
        check(accelerator, transpose(channelsLast(5, 46, 9), 0, 2, 1));
    }
}
