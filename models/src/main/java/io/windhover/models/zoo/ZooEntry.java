// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import java.util.function.Supplier;

/**
 * One network of the zoo.
 *
 * @param network builds it at its published size
 * @param reduced builds a small version, less width, resolution or both but the same layers, for tests on slow
 *     executors
 * @param batchNorm whether its convolutions had batch norm, now folded into weights and biases. Then all have it but
 *     those over a single pixel and those whose biases are all zero; a depthwise 1x1 convolution is a batch norm
 *     standing alone
 * @param published what its publication says of its size
 */
public record ZooEntry(
        String name, Supplier<Graph> network, Supplier<Graph> reduced, boolean batchNorm, Published published) {
    /** A network without batch norm and without published figures. */
    static ZooEntry of(String name, Supplier<Graph> network, Supplier<Graph> reduced) {
        return new ZooEntry(name, network, reduced, false, Published.NOTHING);
    }

    /** The same, its convolutions having had batch norm. */
    ZooEntry normalized() {
        return new ZooEntry(name, network, reduced, true, published);
    }

    /** The same with published figures in the form of {@link Published}. */
    ZooEntry published(String macs, String parameters) {
        return new ZooEntry(name, network, reduced, batchNorm, new Published(macs, parameters, published.remark()));
    }

    /** The same with a remark beside its figures. */
    ZooEntry remark(String remark) {
        return new ZooEntry(
                name, network, reduced, batchNorm, new Published(published.macs(), published.parameters(), remark));
    }

    /** Its size; builds the network. */
    public Sizes sizes() {
        return Sizes.of(network.get(), batchNorm);
    }
}
