// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

/** One operator of the network in the making, over ids of tensor drafts instead of tensors. */
sealed interface TranslationStep permits BinarizeStep, DirectStep, LinearStep {
    int[] inputs();

    /** The first result, of most steps the only one. */
    int output();

    /** All results. */
    default int[] outputs() {
        return new int[] {output()};
    }

    /** The same step with another tensor for its result. */
    TranslationStep writing(int otherOutput);
}
