// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.ChannelSum;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Tensor;
import java.util.function.DoubleUnaryOperator;

/**
 * Local response normalisation of 8-bit maps: a table squares, a banded 1x1 convolution sums over neighbouring
 * channels, a table takes the power, and the factor multiplies the map.
 *
 * @param radius channels on each side that count
 * @param bias above 0
 */
record LocalResponseLowering(int radius, float bias, float alpha, float beta) {
    /** Appends x / (bias + alpha * sum of squares)^beta from one tensor of the builder to another of the same map. */
    void append(GraphBuilder graph, String name, int input, int output) {
        Tensor from = graph.tensor(input);
        Ranges.Range range = Ranges.of(QuantizationPlan.Activation.of(
                from.type(),
                from.requireQuantization().scale(),
                from.requireQuantization().zeroPoint()));
        float largest = Math.max(-range.low(), range.high());
        int squares = intermediate(graph, name + "_squares", from, largest * largest);
        table(graph, name + "_squares", input, squares, "square", x -> x * x);
        int sums = intermediate(
                graph,
                name + "_sums",
                from,
                largest * largest * Math.min(2L * radius + 1, from.shape().channels()));
        graph.operator(ChannelSum.of(
                name + "_sums",
                graph.tensor(squares),
                graph.tensor(sums),
                radius,
                Rescaling.convolution(scale(graph, squares), 1, scale(graph, sums))));
        int factors = intermediate(graph, name + "_factors", from, (float) StrictMath.pow(bias, -beta));
        table(
                graph,
                name + "_factors",
                sums,
                factors,
                "power",
                x -> StrictMath.pow(bias + alpha * Math.max(x, 0), -beta));
        Quantization left = from.requireQuantization();
        Quantization right = graph.tensor(factors).requireQuantization();
        Quantization result = graph.tensor(output).requireQuantization();
        graph.operator(new Multiply(
                name,
                new int[] {input, factors},
                new int[] {output},
                left.zeroPoint(),
                right.zeroPoint(),
                Rescaling.product(left.scale(), right.scale(), result.scale()),
                result.zeroPoint(),
                graph.tensor(output).type().minimum(),
                graph.tensor(output).type().maximum()));
    }

    /** A map of values from 0 to the largest. */
    private static int intermediate(GraphBuilder graph, String name, Tensor like, float largest) {
        QuantizationPlan.Activation activation = Ranges.activation(like.type(), new Ranges.Range(0, largest));
        return graph.tensor(name, like.type(), like.shape(), activation.quantization());
    }

    private static float scale(GraphBuilder graph, int tensor) {
        return graph.tensor(tensor).requireQuantization().scale();
    }

    private static void table(
            GraphBuilder graph, String name, int from, int to, String function, DoubleUnaryOperator real) {
        Tensor target = graph.tensor(to);
        byte[] table = CodeTables.of(
                graph.tensor(from),
                target,
                real,
                target.type().minimum(),
                target.type().maximum());
        graph.operator(new LookupTable(name, new int[] {from}, new int[] {to}, function, table));
    }
}
