// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * Samples a FLOAT32 map between its pixels: output row y lies at row {@code rows[y]} of the input and has, of the rows
 * above and below that, as much as each is near; columns likewise.
 *
 * @param rows 0 to the input's height less 1
 * @param columns 0 to the input's width less 1
 */
public record FloatInterpolation(String name, int[] inputs, int[] outputs, float[] rows, float[] columns)
        implements Operator {
    /** True for operators that make new values between neighbouring pixels: these, and bilinear resizes. */
    public static boolean interpolates(Operator operator) {
        return operator instanceof FloatInterpolation
                || (operator instanceof Resize resize && resize.mode() == Resize.Mode.BILINEAR);
    }

    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.type(this, input, TensorType.FLOAT32);
        Checks.type(this, output, TensorType.FLOAT32);
        Checks.length(
                this,
                "output channels",
                output.shape().channels(),
                input.shape().channels());
        Checks.length(this, "rows", rows.length, output.shape().height());
        Checks.length(this, "columns", columns.length, output.shape().width());
        requireWithin(rows, input.shape().height());
        requireWithin(columns, input.shape().width());
    }

    private void requireWithin(float[] positions, int size) {
        for (float position : positions) {
            require(
                    position >= 0 && position <= size - 1,
                    "FloatInterpolation '%s' samples position %s of %d.",
                    name,
                    position,
                    size);
        }
    }
}
