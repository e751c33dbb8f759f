// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.synthetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.Window;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.reference.Values;
import io.windhover.models.testing.RandomGraphs;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One layer of XNOR-Net against its formula in real numbers. */
class XnorLayersTest {
    private static final int SIZE = 7;
    private static final int CHANNELS = 24;
    private static final int FILTERS = 10;
    private static final Window WINDOW = Window.square(3, 1, 1);

    private final Graph graph;
    private final Values values;
    private final byte[] input;

    XnorLayersTest() {
        NetworkBuilder network = new NetworkBuilder("xnor", 3);
        int image = network.input(SIZE, SIZE, CHANNELS, 1f / 128, 4);
        graph = network.build(network.xnor().convolution(image, FILTERS, WINDOW));
        input = RandomGraphs.inputs(graph, 3)[0];
        values = new ReferenceExecutor(graph).run(input);
    }

    @Test
    void the_threshold_is_the_sign_of_the_batch_norm() {
        DepthwiseConvolution norm = the(DepthwiseConvolution.class);
        byte[] bits = values.bytes(graph.operators().get(0).output());
        for (int i = 0; i < input.length; i++) {
            int channel = i % CHANNELS;
            boolean positive = norm.weights()[channel] * (input[i] - 4) + norm.bias()[channel] >= 0;
            assertEquals(
                    positive,
                    (bits[i / CHANNELS * (CHANNELS / 8) + channel / 8] >> channel % 8 & 1) == 1,
                    "element " + i);
        }
    }

    @Test
    void the_result_is_the_scaled_convolution_times_the_mean_magnitude() {
        double[] batchNorm = reals(the(DepthwiseConvolution.class).output());
        double[] mean = reals(output("box_filter"));
        BinaryConvolution convolution = the(BinaryConvolution.class);
        double[] scaled = reals(convolution.output());
        double[] result = reals(graph.outputs()[0]);
        double resultStep =
                graph.tensor(graph.outputs()[0]).requireQuantization().scale();
        double meanStep =
                graph.tensor(output("box_filter")).requireQuantization().scale();
        int saturated = 0;
        for (int pixel = 0; pixel < SIZE * SIZE; pixel++) {
            assertEquals(box(batchNorm, pixel), mean[pixel], meanStep, "pixel " + pixel);
            for (int filter = 0; filter < FILTERS; filter++) {
                int at = pixel * FILTERS + filter;
                double expected = scaled[at] * mean[pixel];
                saturated += Math.abs(expected) > 115 * resultStep ? 1 : 0;
                assertTrue(
                        Math.abs(expected) > 115 * resultStep || Math.abs(expected - result[at]) <= resultStep,
                        "element " + at);
            }
        }
        assertTrue(saturated < result.length / 50, saturated + " of " + result.length + " results saturate");
        assertTrue(convolution.post() instanceof PostProcess.Requantize alpha
                && alpha.multiplier()[0] != alpha.multiplier()[1]);
    }

    /** Mean of |I| over the window and the channels, outside the map 0. */
    private static double box(double[] map, int pixel) {
        double sum = 0;
        for (int y = pixel / SIZE - 1; y <= pixel / SIZE + 1; y++) {
            for (int x = pixel % SIZE - 1; x <= pixel % SIZE + 1; x++) {
                for (int c = 0; c < CHANNELS && y >= 0 && y < SIZE && x >= 0 && x < SIZE; c++) {
                    sum += Math.abs(map[(y * SIZE + x) * CHANNELS + c]);
                }
            }
        }
        return sum / (9 * CHANNELS);
    }

    private double[] reals(int index) {
        Tensor tensor = graph.tensor(index);
        byte[] codes = values.bytes(index);
        double[] reals = new double[codes.length];
        for (int i = 0; i < reals.length; i++) {
            reals[i] = tensor.requireQuantization().scale()
                    * (codes[i] - tensor.requireQuantization().zeroPoint());
        }
        return reals;
    }

    private int output(String name) {
        return graph.operators().stream()
                .filter(operator -> operator.name().startsWith(name))
                .findFirst()
                .map(Operator::output)
                .orElseThrow();
    }

    private <O extends Operator> O the(Class<O> type) {
        List<O> found = graph.operators().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
        return found.get(0);
    }
}
