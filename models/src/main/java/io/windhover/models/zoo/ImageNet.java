// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Preprocessing;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;

/** What networks for ImageNet's thousand classes share. */
final class ImageNet {
    static final int CLASSES = 1000;

    private ImageNet() {}

    /** A square colour image with values from -1 to 1. */
    static int image(NetworkBuilder network, int resolution) {
        network.graph().preprocessing(Preprocessing.uniform(3, 127.5f, 127.5f));
        return network.input(resolution, resolution, 3, 1f / 128, 0);
    }

    /** Global average, one fully-connected layer, softmax. */
    static Graph classify(NetworkBuilder network, int map) {
        return classifyFeatures(network, network.elementwise().globalAveragePool(map));
    }

    /** One fully-connected layer, softmax. */
    static Graph classifyFeatures(NetworkBuilder network, int features) {
        int logits = network.named("logits").fullyConnected(features, CLASSES, Activation.NONE);
        return network.build(network.elementwise().softmax(logits));
    }

    /**
     * Channels of a layer in a network of this width: unchanged at 1.0, otherwise the nearest multiple of 8, at least
     * 8.
     */
    static int scaled(int channels, double width) {
        return width == 1.0 ? channels : Math.max(8, (int) Math.round(channels * width / 8) * 8);
    }
}
