// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.PRelu;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Transpose;
import io.windhover.models.graph.Window;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Lines of thousands of pixels, as tails of detectors and audio have them. */
class LongLineConformanceTest {
    private static final long SEED = 5;
    private static final Quantization QUANTIZATION = Quantization.of(0.05f, -7);

    private final GraphBuilder graph = new GraphBuilder("line");

    private int input(Shape shape) {
        return graph.input("input", TensorType.INT8, shape, QUANTIZATION);
    }

    private int tensor(Shape shape) {
        return graph.tensor("tensor", TensorType.INT8, shape, QUANTIZATION);
    }

    private int table(int input) {
        int output = tensor(graph.shape(input));
        graph.operator(new LookupTable("table", new int[] {input}, new int[] {output}, "random", bytes(256)));
        return output;
    }

    private int convolution(int input, Window window, int channels) {
        Shape in = graph.shape(input);
        int output = tensor(Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), channels));
        graph.operator(new Convolution(
                "convolution",
                new int[] {input},
                new int[] {output},
                window,
                channels,
                1,
                bytes(channels * window.kernelHeight() * window.kernelWidth() * in.channels()),
                0,
                new int[channels],
                -7,
                PostProcess.Requantize.uniform(new Rescale(1 << 30, -7), channels, -7, -128, 127)));
        return output;
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(SEED).nextBytes(bytes);
        return bytes;
    }

    private void check(int output, Accelerator accelerator) {
        Comparison.assertEqual(graph.build(output), accelerator, SEED);
    }

    /** Three maps of a detector, one after the other; the last has no width in common with the others but one. */
    private void joined(Accelerator accelerator, int... pixels) {
        int[] parts = new int[pixels.length];
        int all = 0;
        for (int i = 0; i < pixels.length; i++) {
            parts[i] = table(input(Shape.of(1, pixels[i], 6)));
            all += pixels[i];
        }
        int output = tensor(Shape.of(1, all, 6));
        graph.operator(new Concatenation("joined", parts, new int[] {output}, Concatenation.Axis.WIDTH));
        check(table(output), accelerator);
    }

    @Test
    @Simulated("functional:zynq7020")
    void joined_tails_of_detectors_are_equal(Accelerator accelerator) {
        joined(accelerator, 6400, 1600, 400);
    }

    @Test
    @Simulated("rtl:tiny")
    void joined_lines_are_equal_on_the_smallest_hardware(Accelerator accelerator) {
        joined(accelerator, 2100, 30, 7);
    }

    private void sound(Accelerator accelerator, boolean down, int samples) {
        int input = input(down ? Shape.map(samples, 1, 1) : Shape.map(1, samples, 1));
        Window wide = down ? new Window(80, 1, 4, 1, 1, 1, Padding.NONE) : new Window(1, 80, 1, 4, 1, 1, Padding.NONE);
        int heard = convolution(input, wide, 8);
        Window three = down
                ? new Window(3, 1, 1, 1, 2, 1, new Padding(2, 0, 2, 0))
                : new Window(1, 3, 1, 1, 1, 2, new Padding(0, 2, 0, 2));
        int second = convolution(heard, three, 12);
        Window pool = down ? new Window(4, 1, 4, 1, 1, 1, Padding.NONE) : new Window(1, 4, 1, 4, 1, 1, Padding.NONE);
        Shape shape = graph.shape(second);
        int output = tensor(Shape.map(pool.outputHeight(shape.height()), pool.outputWidth(shape.width()), 12));
        graph.operator(new MaxPool("pool", new int[] {second}, new int[] {output}, pool, -128, 127));
        check(output, accelerator);
    }

    @Test
    @Simulated("functional:zynq7020")
    void a_second_of_sound_is_equal(Accelerator accelerator) {
        sound(accelerator, false, 16_000);
    }

    @Test
    @Simulated("functional:zynq7020")
    void a_second_of_sound_that_stands_upright_is_equal(Accelerator accelerator) {
        sound(accelerator, true, 16_000);
    }

    @Test
    @Simulated("rtl:tiny")
    void sound_is_equal_on_the_smallest_hardware(Accelerator accelerator) {
        sound(accelerator, false, 5000);
    }

    @Test
    @Simulated("functional:tiny")
    void a_cut_line_is_equal(Accelerator accelerator) {
        int input = table(input(Shape.map(1, 5000, 3)));
        int output = tensor(Shape.map(1, 1234, 3));
        graph.operator(new Slice("cut", new int[] {input}, new int[] {output}, 0, 17, 0, 1, 4, 1));
        check(output, accelerator);
    }

    @Test
    @Simulated("functional:tiny")
    void rows_and_columns_of_a_tail_are_exchanged(Accelerator accelerator) {
        transposed(accelerator, 8400, 20);
    }

    @Test
    @Simulated("rtl:tiny")
    void rows_and_columns_are_exchanged_on_the_smallest_hardware(Accelerator accelerator) {
        transposed(accelerator, 4200, 5);
    }

    private void transposed(Accelerator accelerator, int rows, int columns) {
        int input = input(Shape.of(1, columns, rows));
        int output = tensor(Shape.of(1, rows, columns));
        graph.operator(new Transpose("transpose", new int[] {input}, new int[] {output}, new int[] {0, 2, 1}));
        check(output, accelerator);
    }

    /** Slopes of both signs, of one sign, and beyond what a weight holds. */
    @Test
    @Simulated("functional:tiny")
    void slopes_of_any_sign_are_equal(Accelerator accelerator) {
        for (int[] range : new int[][] {{-128, 255, 0}, {0, 127, 0}, {-128, 255, 100}}) {
            byte[] slopes = new byte[13];
            for (int i = 0; i < slopes.length; i++) {
                slopes[i] = (byte) (range[0] + i * range[1] / (slopes.length - 1));
            }
            new LongLineConformanceTest().rectified(accelerator, slopes, range[2]);
        }
    }

    private void rectified(Accelerator accelerator, byte[] slopes, int slopeZeroPoint) {
        int input = table(input(Shape.map(9, 11, slopes.length)));
        int output = tensor(graph.shape(input));
        graph.operator(new PRelu(
                "prelu",
                new int[] {input},
                new int[] {output},
                slopes,
                slopeZeroPoint,
                -7,
                new Rescale(1 << 30, 1),
                new Rescale(1 << 30, -6),
                -7));
        check(output, accelerator);
    }
}
