// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.SpaceToDepth;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.Placement;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Strides, dilations and borders that no command can name, and layers that fill the chip, taken in steps. */
class SteppedWindowConformanceTest {
    private static final int CASES = 30;

    /** One network out of a seed. */
    private static final class Net {
        final GraphBuilder graph;
        final Random random;
        final TensorType type;
        final int zeroPoint;

        Net(String name, long seed) {
            graph = new GraphBuilder(name + "_" + seed);
            random = new Random(seed);
            type = random.nextBoolean() ? TensorType.INT8 : TensorType.UINT8;
            zeroPoint = type.minimum() + random.nextInt(256);
        }

        int among(int... values) {
            return values[random.nextInt(values.length)];
        }

        int between(int low, int high) {
            return low + random.nextInt(high - low + 1);
        }

        byte[] bytes(int count) {
            byte[] bytes = new byte[count];
            random.nextBytes(bytes);
            return bytes;
        }

        int tensor(Shape shape) {
            return graph.tensor("tensor", type, shape, Quantization.of(0.05f, zeroPoint));
        }

        int input(Shape shape) {
            int input = bare(shape);
            return random.nextBoolean() ? input : table(input);
        }

        int bare(Shape shape) {
            return graph.input("input", type, shape, Quantization.of(0.05f, zeroPoint));
        }

        int add(Operator operator) {
            graph.operator(operator);
            return operator.output();
        }

        int table(int input) {
            int output = tensor(graph.shape(input));
            return add(new LookupTable("table", new int[] {input}, new int[] {output}, "random", bytes(256)));
        }

        PostProcess.Requantize post(int channels, int taps) {
            int shift = -4 - (32 - Integer.numberOfLeadingZeros(taps)) / 2;
            return PostProcess.Requantize.uniform(
                    new Rescale(1 << 30, shift), channels, zeroPoint, type.minimum(), type.maximum());
        }

        int[] biases(int count) {
            return random.ints(count, -2000, 2000).toArray();
        }

        int weightZeroPoint() {
            return type == TensorType.INT8 ? 0 : between(-100, 100);
        }

        Shape slid(int input, Window window, int channels) {
            Shape in = graph.shape(input);
            return Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), channels);
        }

        int convolution(int input, Window window, int channels, int groups) {
            int taps = window.kernelHeight()
                    * window.kernelWidth()
                    * graph.shape(input).channels()
                    / groups;
            return add(new Convolution(
                    "convolution",
                    new int[] {input},
                    new int[] {tensor(slid(input, window, channels))},
                    window,
                    channels,
                    groups,
                    bytes(channels * taps),
                    weightZeroPoint(),
                    biases(channels),
                    zeroPoint,
                    post(channels, taps)));
        }

        int depthwise(int input, Window window, int multiplier) {
            int channels = graph.shape(input).channels() * multiplier;
            int taps = window.kernelHeight() * window.kernelWidth();
            return add(new DepthwiseConvolution(
                    "depthwise",
                    new int[] {input},
                    new int[] {tensor(slid(input, window, channels))},
                    window,
                    multiplier,
                    bytes(channels * taps),
                    weightZeroPoint(),
                    biases(channels),
                    zeroPoint,
                    post(channels, taps)));
        }

        /** Dense, grouped or depthwise. */
        int anyConvolution(int input, Window window) {
            int channels = graph.shape(input).channels();
            return switch (random.nextInt(4)) {
                case 0 -> depthwise(input, window, 1);
                case 1 -> depthwise(input, window, 2);
                case 2 -> convolution(input, window, 2 * channels, channels % 2 == 0 ? 2 : 1);
                default -> convolution(input, window, between(1, 20), 1);
            };
        }

        int pool(int input, Window window, boolean largest) {
            int[] from = {input};
            int[] to = {tensor(slid(input, window, graph.shape(input).channels()))};
            int low = type.minimum() + random.nextInt(20);
            int high = type.maximum() - random.nextInt(20);
            return add(
                    largest
                            ? new MaxPool("pool", from, to, window, low, high)
                            : new AveragePool("pool", from, to, window, low, high));
        }

        int pad(int input, Padding padding) {
            Shape in = graph.shape(input);
            Shape out = Shape.map(
                    in.height() + padding.top() + padding.bottom(),
                    in.width() + padding.left() + padding.right(),
                    in.channels());
            return add(new Pad("pad", new int[] {input}, new int[] {tensor(out)}, padding, 0, 0, zeroPoint));
        }

        int fullyConnected(int input, int outputs) {
            int elements = graph.shape(input).elements();
            return add(new FullyConnected(
                    "fully_connected",
                    new int[] {input},
                    new int[] {tensor(Shape.vector(outputs))},
                    outputs,
                    bytes(outputs * elements),
                    weightZeroPoint(),
                    biases(outputs),
                    zeroPoint,
                    post(outputs, elements)));
        }

        /** Something after it now and then, which may be fused. */
        Graph ending(int output) {
            return switch (random.nextInt(3)) {
                case 0 -> graph.build(table(output));
                case 1 -> graph.build(convolution(output, Window.square(1, 1, 0), 9, 1));
                default -> graph.build(output);
            };
        }
    }

    /** A network out of a seed. */
    private interface Networks {
        Graph of(long seed);
    }

    private static void check(Accelerator accelerator, int count, Networks networks) {
        Executor executor = new Executor(accelerator);
        for (long seed = 0; seed < count; seed++) {
            Graph graph = networks.of(seed);
            String named = "seed " + seed + ", " + graph.name();
            assertEquals(List.of(), Placement.of(graph).hostOperators(), named);
            CompiledModel model = seed % 4 == 3
                    ? Compiler.compileKeepingEveryTensor(graph, accelerator.capabilities())
                    : Compiler.compile(graph, accelerator.capabilities());
            assertEquals("", Comparison.difference(graph, model, executor, RandomGraphs.inputs(graph, seed)), named);
        }
    }

    /** A kernel of several taps in a direction that is dilated a lot, with any border that leaves an output. */
    private static Graph dilated(long seed) {
        Net net = new Net("dilated", seed);
        boolean down = net.random.nextInt(3) > 0;
        boolean across = !down || net.random.nextBoolean();
        int y = down ? net.among(16, 17, 18, 24, 32, 36, 64, 128) : net.between(1, 3);
        int x = across ? net.among(16, 18, 20, 24, 32, 36, 49) : net.between(1, 3);
        int kernelHeight = down ? net.between(2, 4) : net.between(1, 3);
        int kernelWidth = across ? net.between(2, 4) : net.between(1, 3);
        int height = down ? net.between(5, 90) : net.between(1, 20);
        int width = across ? net.between(5, 70) : net.between(1, 20);
        int[] rows = border(net, height, (kernelHeight - 1) * y);
        int[] columns = border(net, width, (kernelWidth - 1) * x);
        boolean strides = net.random.nextInt(4) == 0;
        Window window = new Window(
                kernelHeight,
                kernelWidth,
                strides ? net.between(1, 18) : 1,
                strides ? net.between(1, 5) : 1,
                y,
                x,
                new Padding(rows[0], columns[0], rows[1], columns[1]));
        return net.ending(net.anyConvolution(net.input(Shape.map(height, width, net.between(1, 20))), window));
    }

    /** None where the span fits, that of SAME, all of it before, or any that is enough. */
    private static int[] border(Net net, int size, int span) {
        return switch (net.random.nextInt(4)) {
            case 0 -> size > span ? new int[] {0, 0} : new int[] {span, 0};
            case 1 -> new int[] {span, 0};
            case 2 -> new int[] {net.between(0, 150), span};
            default -> new int[] {span / 2, span - span / 2};
        };
    }

    @Test
    @Simulated("functional:zynq7020")
    void dilations_beyond_a_commands_are_equal(Accelerator accelerator) {
        check(accelerator, CASES, SteppedWindowConformanceTest::dilated);
    }

    /** Convolutions whose outputs are sums or signs instead of codes. */
    private static Graph unscaled(long seed) {
        Net net = new Net("unscaled", seed);
        int input = net.input(Shape.map(40, 37, net.between(1, 9)));
        int channels = net.between(1, 150);
        boolean sums = net.random.nextBoolean();
        Window window = net.random.nextBoolean()
                ? new Window(2, 3, 1, 1, 20, 16, Padding.NONE)
                : new Window(3, 2, 16, net.among(3, 17), 1, 1, Padding.NONE);
        boolean[] invert = new boolean[channels];
        for (int channel = 0; channel < channels; channel++) {
            invert[channel] = net.random.nextBoolean();
        }
        int output = net.graph.tensor(
                "output", sums ? TensorType.INT32 : TensorType.BITS, net.slid(input, window, channels), null);
        return net.graph.build(net.add(new Convolution(
                "convolution",
                new int[] {input},
                new int[] {output},
                window,
                channels,
                1,
                net.bytes(channels * 6 * net.graph.shape(input).channels()),
                0,
                net.biases(channels),
                net.zeroPoint,
                sums ? new PostProcess.Raw() : new PostProcess.Bits(net.biases(channels), invert))));
    }

    @Test
    @Simulated("functional:zynq7020")
    void sums_and_signs_are_equal(Accelerator accelerator) {
        check(accelerator, 12, SteppedWindowConformanceTest::unscaled);
    }

    /** A chain of causal convolutions of twice the dilation each, which starts with a border. */
    private static Graph causal(long seed) {
        Net net = new Net("causal", seed);
        boolean upright = net.random.nextBoolean();
        int length = net.between(100, 400);
        int last = net.input(upright ? Shape.map(length, 1, 12) : Shape.map(1, length, 12));
        for (int dilation = 8; dilation <= 128; dilation *= 2) {
            int span = 2 * dilation;
            int padded = net.pad(last, upright ? new Padding(span, 0, 0, 0) : new Padding(0, span, 0, 0));
            last = net.table(net.convolution(
                    padded,
                    upright
                            ? new Window(3, 1, 1, 1, dilation, 1, Padding.NONE)
                            : new Window(1, 3, 1, 1, 1, dilation, Padding.NONE),
                    12,
                    1));
        }
        return net.graph.build(last);
    }

    @Test
    @Simulated("functional:zynq7020")
    void chains_of_causal_convolutions_are_equal(Accelerator accelerator) {
        check(accelerator, 6, SteppedWindowConformanceTest::causal);
    }

    private static Graph strided(long seed) {
        Net net = new Net("strided", seed);
        int kind = net.random.nextInt(3);
        int y = net.among(1, 8, 16, 17, 20, 30, 34);
        int x = y < 16 ? net.among(16, 19, 25, 32) : net.among(1, 2, 15, 16, 25);
        int kernelHeight = net.random.nextBoolean() ? y : net.between(1, 40);
        int kernelWidth = net.random.nextBoolean() ? x : net.between(1, kind == 0 ? 20 : 40);
        if (kind == 1 && kernelHeight * kernelWidth > 256) {
            kernelWidth = Math.max(1, 256 / kernelHeight);
        }
        int top = net.random.nextBoolean() ? 0 : net.random.nextInt(kernelHeight);
        int left = net.random.nextBoolean() ? 0 : net.random.nextInt(kernelWidth);
        int height = kernelHeight + y * net.between(1, 3) + net.random.nextInt(y);
        int width = kernelWidth + x * net.between(0, 3) + net.random.nextInt(x);
        Padding padding = new Padding(top, left, net.random.nextInt(kernelHeight), net.random.nextInt(kernelWidth));
        Window window = new Window(kernelHeight, kernelWidth, y, x, 1, 1, padding);
        int input = net.input(Shape.map(height, width, net.between(1, 20)));
        return net.ending(kind == 0 ? net.anyConvolution(input, window) : net.pool(input, window, kind == 2));
    }

    @Test
    @Simulated("functional:zynq7020")
    void strides_beyond_a_commands_are_equal(Accelerator accelerator) {
        check(accelerator, CASES, SteppedWindowConformanceTest::strided);
    }

    private static Graph picked(long seed) {
        Net net = new Net("picked", seed);
        int y = net.among(1, 16, 17, 30, 34, 51);
        int x = net.among(1, 16, 19, 24, 38);
        int rows = net.between(1, 4);
        int columns = net.between(1, 4);
        int top = net.random.nextInt(20);
        int left = net.random.nextInt(20);
        int channels = net.between(1, 20);
        int input = net.input(Shape.map(
                top + (rows - 1) * y + 1 + net.random.nextInt(y),
                left + (columns - 1) * x + 1 + net.random.nextInt(x),
                channels));
        int output = net.tensor(Shape.map(rows, columns, channels));
        return net.ending(net.add(new Slice("slice", new int[] {input}, new int[] {output}, top, left, 0, y, x, 1)));
    }

    @Test
    @Simulated("functional:zynq7020")
    void slices_in_large_steps_are_equal(Accelerator accelerator) {
        check(accelerator, CASES, SteppedWindowConformanceTest::picked);
    }

    private static Graph blocked(long seed) {
        Net net = new Net("blocked", seed);
        int block = net.among(15, 16, 17, 18);
        int rows = net.between(1, 2);
        int columns = net.between(1, 2);
        int channels = net.between(1, 4);
        int input = net.input(Shape.map(rows * block, columns * block, channels));
        int output = net.tensor(Shape.map(rows, columns, channels * block * block));
        return net.ending(net.add(new SpaceToDepth("blocks", new int[] {input}, new int[] {output}, block)));
    }

    @Test
    @Simulated("functional:zynq7020")
    void large_blocks_of_pixels_as_channels_are_equal(Accelerator accelerator) {
        check(accelerator, 4, SteppedWindowConformanceTest::blocked);
    }

    /** Borders on every side, absorbed by what follows or not. */
    private static Graph bordered(long seed) {
        Net net = new Net("bordered", seed);
        int input = net.input(Shape.map(net.between(3, 20), net.between(3, 20), net.between(1, 10)));
        Padding padding = new Padding(
                net.among(0, 3, 100, 200), net.among(0, 3, 130), net.among(0, 1, 300), net.among(0, 1, 200));
        int kernel = net.between(1, 3);
        return net.ending(
                net.random.nextBoolean()
                        ? net.anyConvolution(input, new Window(kernel, kernel, 1, net.between(1, 2), 1, 1, padding))
                        : net.anyConvolution(
                                net.pad(input, padding),
                                Window.square(kernel, net.between(1, 2), net.random.nextInt(kernel))));
    }

    @Test
    @Simulated("functional:zynq7020")
    void borders_beyond_a_commands_are_equal(Accelerator accelerator) {
        check(accelerator, CASES, SteppedWindowConformanceTest::bordered);
    }

    /** Flat, or of a map that a layer before it makes; some sizes are primes or their multiples. */
    private static Graph connected(long seed) {
        Net net = new Net("connected", seed);
        if (net.random.nextBoolean()) {
            int elements = net.among(16_384, 16_392, 20_000, 20_483, 21_001, 24_576, 30_000, 31_352, 40_000);
            return net.graph.build(net.fullyConnected(net.bare(Shape.vector(elements)), net.between(1, 20)));
        }
        Shape map = Shape.map(net.among(32, 48, 61), net.among(32, 40, 64), net.among(8, 13, 16));
        int input = net.input(map);
        int made = net.random.nextBoolean() ? input : net.convolution(input, Window.square(3, 1, 1), map.channels(), 1);
        return net.graph.build(net.fullyConnected(made, net.between(1, 20)));
    }

    @Test
    @Simulated("functional:zynq7020")
    void layers_fully_connected_to_many_inputs_are_equal(Accelerator accelerator) {
        check(accelerator, 20, SteppedWindowConformanceTest::connected);
    }

    /** Patches of a network input and their copies, which weight zero points need, do not fit on chip. */
    private static Graph patched(long seed) {
        Net net = new Net("patched", seed);
        int width = net.between(480, 600);
        int kernel = net.between(60, 70);
        int input = net.bare(Shape.map(net.between(10, 22), width, 1));
        Window window = new Window(1, kernel, 1, 1, 1, 1, new Padding(0, kernel / 2, 0, kernel - kernel / 2 - 1));
        return net.ending(net.convolution(input, window, 8, 1));
    }

    @Test
    @Simulated("functional:zynq7020")
    void long_kernels_over_wide_inputs_are_equal(Accelerator accelerator) {
        check(accelerator, 12, SteppedWindowConformanceTest::patched);
    }

    @Test
    @Simulated("rtl:tiny")
    void steps_are_equal_on_the_smallest_hardware(Accelerator accelerator) {
        check(accelerator, 4, SteppedWindowConformanceTest::picked);
        check(accelerator, 4, SteppedWindowConformanceTest::smallDilated);
    }

    private static Graph smallDilated(long seed) {
        Net net = new Net("small", seed);
        int input = net.input(Shape.map(net.between(8, 24), net.between(8, 24), net.between(1, 9)));
        return net.ending(
                net.anyConvolution(input, new Window(3, 2, 1, 1, net.among(16, 18), 16, new Padding(18, 0, 18, 16))));
    }
}
