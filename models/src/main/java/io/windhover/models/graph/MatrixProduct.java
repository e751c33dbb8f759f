// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

import org.jspecify.annotations.Nullable;

/**
 * Two computed tensors as {@link Matrices}, multiplied: FLOAT32, each sum rounded once, or 8-bit codes less their zero
 * points, whose sums are brought to the output's codes.
 *
 * @param transposesLeft whether the last two dimensions of left change places
 * @param transposesRight whether those of right do
 * @param codes of 8-bit tensors; null for FLOAT32
 */
public record MatrixProduct(
        String name,
        int[] inputs,
        int[] outputs,
        boolean transposesLeft,
        boolean transposesRight,
        @Nullable Codes codes)
        implements HostOperator {
    private static final int LARGEST_PRODUCT = 255 * 255;

    /**
     * How sums of products of codes become codes.
     *
     * @param result from a sum to the output's codes less their zero point
     */
    public record Codes(int leftZeroPoint, int rightZeroPoint, Rescale result, int outputZeroPoint) {}

    /** What it goes over. */
    public Matrices matrices(Tensors tensors) {
        return Matrices.of(
                tensors.tensor(inputs[0]).shape(), tensors.tensor(inputs[1]).shape(), transposesLeft, transposesRight);
    }

    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 2, 1);
        Tensor left = tensors.tensor(inputs[0]);
        Tensor right = tensors.tensor(inputs[1]);
        Tensor output = tensors.tensor(output());
        if (codes == null) {
            Checks.type(this, left, TensorType.FLOAT32);
        } else {
            Checks.bytes(this, left);
            Checks.zeroPoint(this, codes.leftZeroPoint, left);
            Checks.zeroPoint(this, codes.rightZeroPoint, right);
            Checks.zeroPoint(this, codes.outputZeroPoint, output);
        }
        Checks.type(this, right, left.type());
        Checks.type(this, output, left.type());
        Matrices matrices = matrices(tensors);
        Checks.length(this, "output elements", output.shape().elements(), matrices.elements());
        require(
                codes == null || matrices.inner() <= Integer.MAX_VALUE / LARGEST_PRODUCT,
                "MatrixProduct '%s' adds up %d products of codes, more than 32 bits hold.",
                name,
                matrices.inner());
    }

    @Override
    public long macs(Tensors tensors) {
        return matrices(tensors).macs();
    }
}
