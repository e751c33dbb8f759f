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
    SOFTMAX(RandomPlainLayers::softmax);

    private final BiFunction<String, Draw, Graph> builder;

    RandomLayer(BiFunction<String, Draw, Graph> builder) {
        this.builder = builder;
    }

    Graph build(String name, Draw draw) {
        return builder.apply(name, draw);
    }
}
