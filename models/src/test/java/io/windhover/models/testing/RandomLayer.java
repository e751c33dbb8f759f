// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.testing;

import io.windhover.models.graph.Graph;
import java.util.function.BiFunction;

/** Kinds of single-layer graphs that {@link RandomGraphs} draws. */
public enum RandomLayer {
    CONVOLUTION(RandomWeightedLayers::convolution),
    POINTWISE_CONVOLUTION(RandomWeightedLayers::pointwise),
    GROUPED_CONVOLUTION(RandomWeightedLayers::grouped),
    DEPTHWISE_CONVOLUTION(RandomWeightedLayers::depthwise),
    FULLY_CONNECTED(RandomWeightedLayers::fullyConnected),
    CONVOLUTION_TO_BITS(RandomWeightedLayers::convolutionToBits),
    CONVOLUTION_TO_ACCUMULATORS(RandomWeightedLayers::convolutionToAccumulators),
    BINARY_CONVOLUTION(RandomBinaryLayers::convolution),
    BINARY_FULLY_CONNECTED(RandomBinaryLayers::fullyConnected),
    BINARY_MAX_POOL(RandomBinaryLayers::maxPool),
    THRESHOLD(RandomBinaryLayers::threshold),
    BIT_PLANES(RandomBinaryLayers::planes),
    BINARY_WEIGHTS(RandomBinaryLayers::binaryWeights),
    XNOR_NET(RandomBinaryLayers::xnorNet),
    ADD(RandomPlainLayers::add),
    MULTIPLY(RandomPlainLayers::multiply),
    AVERAGE_POOL(RandomPlainLayers::averagePool),
    MAX_POOL(RandomPlainLayers::maxPool),
    GLOBAL_AVERAGE_POOL(RandomPlainLayers::globalAveragePool),
    MEAN(RandomPlainLayers::mean),
    PAD(RandomPlainLayers::pad),
    RESHAPE(RandomPlainLayers::reshape),
    CONCATENATION(RandomPlainLayers::concatenation),
    LOOKUP_TABLE(RandomPlainLayers::lookupTable),
    SOFTMAX(RandomPlainLayers::softmax),
    BROADCAST_ADD(RandomElementwiseLayers::broadcastAdd),
    BROADCAST_MULTIPLY(RandomElementwiseLayers::broadcastMultiply),
    SUBTRACT(RandomElementwiseLayers::subtract),
    MAXIMUM(RandomElementwiseLayers::maximum),
    MINIMUM(RandomElementwiseLayers::minimum),
    PRELU(RandomElementwiseLayers::pRelu),
    SLICE(RandomLayoutLayers::slice),
    TRANSPOSE(RandomLayoutLayers::transpose),
    MIRROR_PAD(RandomLayoutLayers::mirrorPad),
    PAD_WITH_CHANNELS(RandomLayoutLayers::padWithChannels),
    RESIZE_NEAREST(RandomLayoutLayers::resizeNearest),
    RESIZE_BILINEAR(RandomLayoutLayers::resizeBilinear),
    SPACE_TO_DEPTH(RandomLayoutLayers::spaceToDepth),
    DEPTH_TO_SPACE(RandomLayoutLayers::depthToSpace),
    SPATIAL_CONCATENATION(RandomLayoutLayers::spatialConcatenation),
    TRANSPOSED_CONVOLUTION(RandomMapLayers::transposedConvolution),
    LOCALLY_CONNECTED(RandomMapLayers::locallyConnected),
    MEAN_OF_AXES(RandomMapLayers::meanOfAxes),
    UNSIGNED_CONVOLUTION(RandomMapLayers::unsignedConvolution),
    UNSIGNED_DEPTHWISE_CONVOLUTION(RandomMapLayers::unsignedDepthwise),
    UNSIGNED_FULLY_CONNECTED(RandomMapLayers::unsignedFullyConnected),
    UNSIGNED_AVERAGE_POOL(RandomMapLayers::unsignedAveragePool),
    UNSIGNED_MAX_POOL(RandomMapLayers::unsignedMaxPool),
    LOG_SOFTMAX(RandomPlainLayers::logSoftmax);

    @SuppressWarnings("ImmutableEnumChecker")
    private final BiFunction<String, Draw, Graph> builder;

    RandomLayer(BiFunction<String, Draw, Graph> builder) {
        this.builder = builder;
    }

    Graph build(String name, Draw draw) {
        return builder.apply(name, draw);
    }
}
