// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

/** Adds what one node does to the network in the making. */
@FunctionalInterface
interface NodeImporter {
    void read(Translation network, SourceNode node);
}
