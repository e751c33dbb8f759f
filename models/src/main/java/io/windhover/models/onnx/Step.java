// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

/** One operator of the network in the making, over handles instead of tensors. */
sealed interface Step permits Linear, Plain, Sign {
    int[] inputs();

    int output();

    /** The same step with another tensor for its result. */
    Step writing(int otherOutput);
}
