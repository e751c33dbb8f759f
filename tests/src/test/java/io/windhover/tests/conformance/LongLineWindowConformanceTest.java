// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.MirrorPad;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.TransposedConvolution;
import io.windhover.models.graph.Window;
import io.windhover.runtime.compiler.program.Placement;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What reaches far along a line of sound, or changes its length, lying or upright. */
class LongLineWindowConformanceTest {
    private static final long SEED = 23;

    private final GraphBuilder graph = new GraphBuilder("line");
    private TensorType type = TensorType.INT8;
    private boolean upright;

    private Shape line(int pixels, int channels) {
        return upright ? Shape.map(pixels, 1, channels) : Shape.map(1, pixels, channels);
    }

    private Window window(int kernel, int stride, int dilation, int before, int after) {
        return upright
                ? new Window(kernel, 1, stride, 1, dilation, 1, new Padding(before, 0, after, 0))
                : new Window(1, kernel, 1, stride, 1, dilation, new Padding(0, before, 0, after));
    }

    private Padding borders(int before, int after) {
        return window(1, 1, 1, before, after).padding();
    }

    private int input(Shape shape) {
        return graph.input("input", type, shape, Quantization.of(0.05f, zeroPoint()));
    }

    private int tensor(Shape shape) {
        return graph.tensor("tensor", type, shape, Quantization.of(0.05f, zeroPoint()));
    }

    private int zeroPoint() {
        return type == TensorType.INT8 ? -7 : 120;
    }

    private int table(int input) {
        int output = tensor(graph.shape(input));
        graph.operator(new LookupTable("table", new int[] {input}, new int[] {output}, "random", bytes(256)));
        return output;
    }

    private PostProcess.Requantize post(int channels, int taps) {
        int shift = -4 - (32 - Integer.numberOfLeadingZeros(taps)) / 2;
        return PostProcess.Requantize.uniform(
                new Rescale(1 << 30, shift), channels, zeroPoint(), type.minimum(), type.maximum());
    }

    private int convolution(int input, Window window, int channels, int groups) {
        Shape in = graph.shape(input);
        int taps = window.kernelHeight() * window.kernelWidth() * in.channels() / groups;
        int output = tensor(Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), channels));
        graph.operator(new Convolution(
                "convolution",
                new int[] {input},
                new int[] {output},
                window,
                channels,
                groups,
                bytes(channels * taps),
                type == TensorType.INT8 ? 0 : 3,
                new int[channels],
                zeroPoint(),
                post(channels, taps)));
        return output;
    }

    private int depthwise(int input, Window window, int multiplier) {
        Shape in = graph.shape(input);
        int taps = window.kernelHeight() * window.kernelWidth();
        int channels = in.channels() * multiplier;
        int output = tensor(Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), channels));
        graph.operator(new DepthwiseConvolution(
                "depthwise",
                new int[] {input},
                new int[] {output},
                window,
                multiplier,
                bytes(channels * taps),
                type == TensorType.INT8 ? 0 : 3,
                new int[channels],
                zeroPoint(),
                post(channels, taps)));
        return output;
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(SEED).nextBytes(bytes);
        return bytes;
    }

    private int moved(Shape to, Operator operator) {
        graph.operator(operator);
        assertEquals(to, graph.shape(operator.output()));
        return operator.output();
    }

    private void check(int output, Accelerator accelerator) {
        Graph built = graph.build(output);
        assertEquals(java.util.List.of(), Placement.of(built).hostOperators());
        Comparison.assertEqual(built, accelerator, SEED);
    }

    /** Each combination of type and orientation, of a new test. */
    private interface Case {
        void run(LongLineWindowConformanceTest test);
    }

    private static void everyLine(Case one) {
        for (TensorType type : new TensorType[] {TensorType.INT8, TensorType.UINT8}) {
            for (boolean upright : new boolean[] {false, true}) {
                LongLineWindowConformanceTest test = new LongLineWindowConformanceTest();
                test.type = type;
                test.upright = upright;
                one.run(test);
            }
        }
    }

    /** 4,450 pixels make a rectangle, 11,279 do not. */
    @Test
    @Simulated("functional:zynq7020")
    void kernels_as_long_as_the_line_are_equal(Accelerator accelerator) {
        everyLine(test -> test.check(
                test.depthwise(test.input(test.line(4450, 2)), test.window(4450, 1, 1, 0, 0), 1), accelerator));
        everyLine(test -> test.check(
                test.depthwise(test.input(test.line(11_279, 1)), test.window(11_279, 1, 1, 0, 0), 4), accelerator));
        everyLine(test -> test.check(
                test.depthwise(test.table(test.input(test.line(1590, 16))), test.window(1590, 1, 1, 0, 0), 4),
                accelerator));
        everyLine(test -> test.check(
                test.convolution(test.table(test.input(test.line(450, 6))), test.window(300, 50, 2, 100, 90), 10, 2),
                accelerator));
    }

    @Test
    @Simulated("functional:zynq7020")
    void windows_of_a_short_time_spectrum_are_equal(Accelerator accelerator) {
        everyLine(test -> test.check(
                test.convolution(test.input(test.line(16_000, 1)), test.window(400, 160, 1, 0, 0), 64, 1),
                accelerator));
        everyLine(test -> test.check(
                test.convolution(test.table(test.input(test.line(3000, 6))), test.window(300, 3, 1, 0, 0), 10, 2),
                accelerator));
        everyLine(test -> test.check(
                test.convolution(test.table(test.input(test.line(5000, 8))), test.window(9, 1, 40, 0, 0), 9, 1),
                accelerator));
    }

    @Test
    @Simulated("rtl:tiny")
    void long_kernels_are_equal_on_the_smallest_hardware(Accelerator accelerator) {
        check(convolution(input(line(3000, 1)), window(400, 160, 1, 0, 0), 8, 1), accelerator);
        LongLineWindowConformanceTest whole = new LongLineWindowConformanceTest();
        whole.check(whole.depthwise(whole.input(line(2225, 2)), window(2225, 1, 1, 0, 0), 2), accelerator);
    }

    @Test
    @Simulated("functional:zynq7020")
    void lines_that_are_mirrored_stretched_and_joined_are_equal(Accelerator accelerator) {
        everyLine(test -> test.lengthened(accelerator));
    }

    private void lengthened(Accelerator accelerator) {
        int pads = table(input(line(2962, 3)));
        for (boolean symmetric : new boolean[] {false, true}) {
            Shape longer = line(graph.shape(pads).height() * graph.shape(pads).width() + 30, 3);
            pads = moved(
                    longer,
                    new MirrorPad("mirror", new int[] {pads}, new int[] {tensor(longer)}, borders(10, 20), symmetric));
        }
        Shape stretched = line(7001, 3);
        int resized = moved(
                stretched,
                new Resize(
                        "resize", new int[] {pads}, new int[] {tensor(stretched)}, Resize.Mode.NEAREST, false, true));
        Concatenation.Axis across = upright ? Concatenation.Axis.WIDTH : Concatenation.Axis.HEIGHT;
        int alone = moved(
                stretched, new Concatenation("alone", new int[] {resized}, new int[] {tensor(stretched)}, across));
        check(convolution(alone, window(5, 2, 1, 2, 2), 7, 1), accelerator);
    }

    @Test
    @Simulated("functional:zynq7020")
    void transposed_convolutions_along_a_line_are_equal(Accelerator accelerator) {
        everyLine(test -> test.transposed(accelerator));
    }

    private void transposed(Accelerator accelerator) {
        int input = table(input(line(2500, 5)));
        Shape out = line(2500 * 4, 6);
        graph.operator(new TransposedConvolution(
                "transposed",
                new int[] {input},
                new int[] {tensor(out)},
                window(8, 4, 1, 2, 2),
                6,
                bytes(6 * 8 * 5),
                type == TensorType.INT8 ? 0 : 3,
                new int[6],
                zeroPoint(),
                post(6, 40)));
        check(input + 1, accelerator);
    }

    /** A line that becomes a map of two rows is none. */
    @Test
    @Simulated("functional:zynq7020")
    void the_host_takes_resizes_to_wide_maps_of_several_rows(Accelerator accelerator) {
        int input = input(line(3835, 3));
        int output = tensor(Shape.map(2, 2135, 3));
        graph.operator(new Resize("resize", new int[] {input}, new int[] {output}, Resize.Mode.NEAREST, false, false));
        Graph built = graph.build(convolution(input, window(5, 2, 1, 0, 0), 4, 1), output);
        assertFalse(Placement.of(built).hostOperators().isEmpty());
        assertTrue(Placement.of(built).jobs().get(0).operators().contains(1));
        Comparison.assertEqual(built, accelerator, SEED);
    }
}
