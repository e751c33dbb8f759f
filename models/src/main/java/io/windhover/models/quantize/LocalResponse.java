package io.windhover.models.quantize;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.Window;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Local response normalisation of 8-bit maps: a table squares, a banded 1x1 convolution sums over neighbouring channels, a table
 * takes the power, and the factor multiplies the map.
 *
 * @param radius channels on each side that count
 * @param bias   above 0
 */
public record LocalResponse(int radius, float bias, float alpha, float beta) {
    /** Appends x / (bias + alpha * sum of squares)^beta from one tensor of the builder to another of the same map. */
    public void append(GraphBuilder graph, String name, int input, int output) {
        Tensor from = graph.tensor(input);
        Ranges.Range range = Ranges.of(QuantizationPlan.Activation.of(
                from.type(), from.requireQuantization().scale(), from.requireQuantization().zeroPoint()));
        float largest = Math.max(-range.low(), range.high());
        int squares = intermediate(graph, name + "_squares", from, largest * largest);
        table(graph, name + "_squares", input, squares, "square", x -> x * x);
        int sums = intermediate(graph, name + "_sums", from, largest * largest * Math.min(2 * radius + 1, from.shape().channels()));
        graph.operator(band(graph, name + "_sums", squares, sums));
        int factors = intermediate(graph, name + "_factors", from, (float) StrictMath.pow(bias, -beta));
        table(graph, name + "_factors", sums, factors, "power", x -> StrictMath.pow(bias + alpha * Math.max(x, 0), -beta));
        Quantization left = from.requireQuantization();
        Quantization right = graph.tensor(factors).requireQuantization();
        Quantization result = graph.tensor(output).requireQuantization();
        graph.operator(new Multiply(name, new int[] {input, factors}, new int[] {output}, left.zeroPoint(), right.zeroPoint(),
                Rescaling.product(left.scale(), right.scale(), result.scale()), result.zeroPoint(),
                graph.tensor(output).type().minimum(), graph.tensor(output).type().maximum()));
    }

    /** A map of values from 0 to the largest. */
    private static int intermediate(GraphBuilder graph, String name, Tensor like, float largest) {
        QuantizationPlan.Activation activation = Ranges.activation(like.type(), new Ranges.Range(0, largest));
        return graph.tensor(name, like.type(), like.shape(), activation.quantization());
    }

    private static void table(GraphBuilder graph, String name, int from, int to, String function, DoubleUnaryOperator real) {
        Tensor target = graph.tensor(to);
        byte[] table = Tables.of(graph.tensor(from), target, real, target.type().minimum(), target.type().maximum());
        graph.operator(new LookupTable(name, new int[] {from}, new int[] {to}, function, table));
    }

    /** Weights of 1 for the channels within the radius, 0 elsewhere. */
    private Convolution band(GraphBuilder graph, String name, int from, int to) {
        int channels = graph.shape(from).channels();
        byte[] weights = new byte[channels * channels];
        for (int o = 0; o < channels; o++) {
            Arrays.fill(weights, o * channels + Math.max(0, o - radius), o * channels + Math.min(channels, o + radius + 1), (byte) 1);
        }
        Tensor target = graph.tensor(to);
        Quantization in = graph.tensor(from).requireQuantization();
        Quantization out = target.requireQuantization();
        Rescale rescale = Rescaling.convolution(in.scale(), 1, out.scale());
        int[] multipliers = new int[channels];
        int[] shifts = new int[channels];
        Arrays.fill(multipliers, rescale.multiplier());
        Arrays.fill(shifts, rescale.shift());
        return new Convolution(name, new int[] {from}, new int[] {to}, Window.square(1, 1, 0), channels, 1, weights, 0, new int[channels],
                in.zeroPoint(), new PostProcess.Requantize(multipliers, shifts, out.zeroPoint(), target.type().minimum(),
                        target.type().maximum()));
    }
}
