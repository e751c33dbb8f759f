// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A tensor of the network in the making. */
final class TensorDraft {
    final Shape shape;
    /** Contents of an operand, or null for what is computed. */
    final byte @Nullable [] constant;

    /** The node that makes it, or null for a network input and for what no node of the file makes. */
    @Nullable
    SourceNode node;

    String name;
    /** Number in the finished graph: the position among all node outputs, or one after them. */
    int index;
    /** Type in which the caller supplies it, or null when it is not a network input. */
    @Nullable
    TensorType inputType;
    /** FLOAT32, or that of whole numbers or truth values, which the host makes. */
    TensorType type = TensorType.FLOAT32;
    /** How it is to be represented in 8 bits, or null while nothing says so. */
    Activation.@Nullable Codes codes;
    /** How many inputs of nodes to come, and network outputs, refer to it. */
    int uses;
    /** Whether a factor or an offset is applied to the value as it is, though its tensor may have codes. */
    boolean readAsIs;
    /** Whether a factor or an offset is applied to the value that its codes say. */
    boolean readRounded;
    /** Whether it is real where it could have the codes of what it is made of. */
    boolean keptReal;
    /** How many steps read it. */
    int readers;

    TensorDraft(String name, int index, Shape shape, byte @Nullable [] constant) {
        this.name = name;
        this.index = index;
        this.shape = shape;
        this.constant = constant;
    }

    /** What makes it, for messages. */
    String title() {
        return node == null ? "The layer '" + name + "'" : node.title();
    }

    /** Codes that are known by now. */
    Activation.Codes knownCodes() {
        return Objects.requireNonNull(codes);
    }

    /** True when the node at hand is the only one to read it, and reads real numbers. */
    boolean isReadOnce() {
        return uses == 1 && readers == 0 && codes == null && inputType == null;
    }
}
