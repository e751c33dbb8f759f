// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

/**
 * The step to one bit: +scale where the input is 0 or more, otherwise -scale.
 *
 * @param rounded true when the file has rounded the input to the codes of its tensor; false also where only other
 *     readers take it as codes
 */
record BinarizeStep(int input, int output, double scale, boolean rounded) implements TranslationStep {
    @Override
    public int[] inputs() {
        return new int[] {input};
    }

    @Override
    public BinarizeStep writing(int otherOutput) {
        return new BinarizeStep(input, otherOutput, scale, rounded);
    }
}
