// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.Add;
import io.windhover.models.graph.ArgMax;
import io.windhover.models.graph.Arithmetic;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.BinaryFullyConnected;
import io.windhover.models.graph.BinaryMaxPool;
import io.windhover.models.graph.Cast;
import io.windhover.models.graph.ClasswiseNonMaximumSuppression;
import io.windhover.models.graph.Compare;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.CumulativeSum;
import io.windhover.models.graph.DepthToSpace;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.Dequantize;
import io.windhover.models.graph.DetectionPostProcess;
import io.windhover.models.graph.Divide;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatConvolution;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.FloatFullyConnected;
import io.windhover.models.graph.FloatInterpolation;
import io.windhover.models.graph.FloatLocalResponseNormalization;
import io.windhover.models.graph.FloatLogSoftmax;
import io.windhover.models.graph.FloatMean;
import io.windhover.models.graph.FloatPRelu;
import io.windhover.models.graph.FloatPad;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.FloatTransposedConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Gather;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Interpolation;
import io.windhover.models.graph.L2Normalization;
import io.windhover.models.graph.LocallyConnected;
import io.windhover.models.graph.LogSoftmax;
import io.windhover.models.graph.Logical;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.MatrixProduct;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Maximum;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.Minimum;
import io.windhover.models.graph.MirrorPad;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.NonMaximumSuppression;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PRelu;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.Reduce;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.ScaleAccumulators;
import io.windhover.models.graph.Select;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.Softmax;
import io.windhover.models.graph.SpaceToDepth;
import io.windhover.models.graph.SquaredDifference;
import io.windhover.models.graph.Subtract;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.Threshold;
import io.windhover.models.graph.Tile;
import io.windhover.models.graph.TopK;
import io.windhover.models.graph.Transpose;
import io.windhover.models.graph.TransposedConvolution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Runs a network in Java, operator by operator. Stateless between calls; safe for several threads. An inference whose
 * thread is interrupted ends within milliseconds in {@link java.util.concurrent.CancellationException}.
 */
public final class ReferenceExecutor {
    private static final Map<Class<? extends Operator>, Kernel<? extends Operator>> KERNELS = kernels();

    private final Graph graph;

    public ReferenceExecutor(Graph graph) {
        this.graph = graph;
    }

    private static Map<Class<? extends Operator>, Kernel<? extends Operator>> kernels() {
        Map<Class<? extends Operator>, Kernel<? extends Operator>> kernels = new HashMap<>();
        register(kernels, Add.class, ElementwiseKernels::add);
        register(kernels, AveragePool.class, PoolKernels::average);
        register(kernels, BinaryConvolution.class, BinaryKernels::convolve);
        register(kernels, BinaryFullyConnected.class, BinaryKernels::fullyConnected);
        register(kernels, BinaryMaxPool.class, PoolKernels::binary);
        register(kernels, Concatenation.class, LayoutKernels::concatenate);
        register(kernels, Convolution.class, ConvolutionKernel::run);
        register(kernels, DepthToSpace.class, GatherKernels::depthToSpace);
        register(kernels, DepthwiseConvolution.class, DepthwiseConvolutionKernel::run);
        register(kernels, Dequantize.class, ConversionKernels::dequantize);
        register(kernels, FloatActivation.class, FloatKernels::activate);
        register(kernels, FloatConvolution.class, FloatWeightedKernels::convolve);
        register(kernels, FloatElementwise.class, FloatKernels::combine);
        register(kernels, FloatFullyConnected.class, FloatWeightedKernels::fullyConnected);
        register(kernels, FloatInterpolation.class, ResizeKernels::run);
        register(kernels, FloatLocalResponseNormalization.class, FloatKernels::normalize);
        register(kernels, FloatLogSoftmax.class, FloatKernels::logSoftmax);
        register(kernels, FloatMean.class, FloatMapKernels::mean);
        register(kernels, FloatPRelu.class, FloatKernels::prelu);
        register(kernels, FloatPad.class, FloatMapKernels::pad);
        register(kernels, FloatPool.class, FloatMapKernels::pool);
        register(kernels, FloatSoftmax.class, FloatKernels::softmax);
        register(kernels, FloatTransposedConvolution.class, FloatWeightedKernels::transposed);
        register(kernels, FullyConnected.class, FullyConnectedKernel::run);
        register(kernels, Interpolation.class, InterpolationKernel::run);
        register(kernels, LocallyConnected.class, LocallyConnectedKernel::run);
        register(kernels, LogSoftmax.class, SoftmaxKernels::logSoftmax);
        register(kernels, LookupTable.class, ConversionKernels::lookUp);
        register(kernels, MaxPool.class, PoolKernels::maximum);
        register(kernels, Maximum.class, ElementwiseKernels::maximum);
        register(kernels, Mean.class, MeanKernel::run);
        register(kernels, Minimum.class, ElementwiseKernels::minimum);
        register(kernels, MirrorPad.class, GatherKernels::mirrorPad);
        register(kernels, Multiply.class, ElementwiseKernels::multiply);
        register(kernels, PRelu.class, ElementwiseKernels::pRelu);
        register(kernels, Pad.class, LayoutKernels::pad);
        register(kernels, Quantize.class, ConversionKernels::quantize);
        register(kernels, Reshape.class, LayoutKernels::reshape);
        register(kernels, Resize.class, ResizeKernels::run);
        register(kernels, Slice.class, GatherKernels::slice);
        register(kernels, ScaleAccumulators.class, ConversionKernels::scale);
        register(kernels, Softmax.class, SoftmaxKernels::softmax);
        register(kernels, SpaceToDepth.class, GatherKernels::spaceToDepth);
        register(kernels, Subtract.class, ElementwiseKernels::subtract);
        register(kernels, Threshold.class, ConversionKernels::threshold);
        register(kernels, Transpose.class, GatherKernels::transpose);
        register(kernels, TransposedConvolution.class, TransposedConvolutionKernel::run);
        registerHost(kernels);
        return Map.copyOf(kernels);
    }

    private static void registerHost(Map<Class<? extends Operator>, Kernel<? extends Operator>> kernels) {
        register(kernels, ArgMax.class, HostOrderKernels::argMax);
        register(kernels, Arithmetic.class, HostElementKernels::arithmetic);
        register(kernels, Cast.class, HostElementKernels::cast);
        register(kernels, ClasswiseNonMaximumSuppression.class, SuppressionKernels::classwise);
        register(kernels, Compare.class, HostElementKernels::compare);
        register(kernels, CumulativeSum.class, HostOrderKernels::cumulativeSum);
        register(kernels, DetectionPostProcess.class, DetectionKernel::run);
        register(kernels, MatrixProduct.class, MatrixKernel::multiply);
        register(kernels, Divide.class, HostElementKernels::divide);
        register(kernels, Gather.class, HostMoveKernels::gather);
        register(kernels, L2Normalization.class, NormalizationKernel::run);
        register(kernels, Logical.class, HostElementKernels::logical);
        register(kernels, NonMaximumSuppression.class, SuppressionKernels::single);
        register(kernels, Reduce.class, ReduceKernel::run);
        register(kernels, Select.class, HostMoveKernels::select);
        register(kernels, SquaredDifference.class, HostElementKernels::squaredDifference);
        register(kernels, Tile.class, HostMoveKernels::tile);
        register(kernels, TopK.class, HostOrderKernels::topK);
    }

    private static <O extends Operator> void register(
            Map<Class<? extends Operator>, Kernel<? extends Operator>> kernels, Class<O> type, Kernel<O> kernel) {
        kernels.put(type, kernel);
    }

    /**
     * One inference.
     *
     * @param inputs one array per network input, in the tensors' own types, little-endian, NHWC; not modified
     * @return the bytes of every tensor
     */
    public Values run(byte[]... inputs) {
        require(
                inputs.length == graph.inputs().length,
                "Network '%s' takes %d inputs, not %d.",
                graph.name(),
                graph.inputs().length,
                inputs.length);
        Values values = new Values(graph);
        for (int i = 0; i < inputs.length; i++) {
            Tensor tensor = graph.tensor(graph.inputs()[i]);
            require(
                    inputs[i].length == tensor.bytes(),
                    "Input %d, %s, takes %d bytes, not %d.",
                    i,
                    tensor,
                    tensor.bytes(),
                    inputs[i].length);
            values.set(tensor.index(), inputs[i]);
        }
        graph.operators().forEach(operator -> execute(operator, values));
        return values;
    }

    /** One inference, network outputs only, in the graph's order. */
    public List<byte[]> infer(byte[]... inputs) {
        Values values = run(inputs);
        List<byte[]> outputs = new ArrayList<>();
        for (int output : graph.outputs()) {
            outputs.add(values.bytes(output));
        }
        return outputs;
    }

    @SuppressWarnings("unchecked")
    private static <O extends Operator> void execute(O operator, Values values) {
        Cancellation.check();
        Kernel<O> kernel = (Kernel<O>) Objects.requireNonNull(KERNELS.get(operator.getClass()));
        kernel.run(operator, values);
    }
}
