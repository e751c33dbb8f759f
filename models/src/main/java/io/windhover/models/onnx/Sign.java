// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

/** The step to one bit: +scale where the input is 0 or more, otherwise -scale. */
record Sign(int input, int output, double scale) implements Step {
    @Override
    public int[] inputs() {
        return new int[] {input};
    }

    @Override
    public Sign writing(int otherOutput) {
        return new Sign(input, otherOutput, scale);
    }
}
