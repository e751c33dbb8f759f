// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import java.util.List;

/** Files exported with any batch size, fixed to one image: first dimensions that follow the batch are divided by it. */
final class DynamicBatch {
    private final List<SourceTensor> tensors;
    private final int[] inputs;

    DynamicBatch(List<SourceTensor> tensors, int[] inputs) {
        this.tensors = tensors;
        this.inputs = inputs;
    }

    void fix() {
        int batch = batch();
        if (batch > 1) {
            tensors.replaceAll(tensor -> tensor.hasDynamicBatch() && tensor.dimensions()[0] % batch == 0
                    ? tensor.withFirstDimension(tensor.dimensions()[0] / batch)
                    : tensor);
        }
    }

    /** The size that the file was exported with. */
    private int batch() {
        for (int input : inputs) {
            if (input >= 0 && input < tensors.size() && tensors.get(input).hasDynamicBatch()) {
                return tensors.get(input).dimensions()[0];
            }
        }
        return 1;
    }
}
