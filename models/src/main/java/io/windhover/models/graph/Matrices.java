// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

import java.util.Arrays;

/**
 * What a product of matrices goes over: each of a batch is left [rows, inner] times right [inner, columns]. The
 * dimensions before those are the batch's; those of 1 are repeated.
 *
 * @param batch the dimensions before the last two
 */
public record Matrices(Shape batch, Shape leftBatch, Shape rightBatch, int rows, int inner, int columns) {
    /**
     * Refuses operands that do not fit.
     *
     * @param transposesLeft whether left is [inner, rows]
     * @param transposesRight whether right is [columns, inner]
     */
    public static Matrices of(Shape left, Shape right, boolean transposesLeft, boolean transposesRight) {
        require(left.rank() >= 2 && right.rank() >= 2, "%s times %s is no product of matrices.", left, right);
        int inner = transposesLeft ? left.width() : left.channels();
        require(
                inner == (transposesRight ? right.channels() : right.width()),
                "%s times %s is no product of matrices.",
                left,
                right);
        Shape leftBatch = batch(left);
        Shape rightBatch = batch(right);
        return new Matrices(
                common(leftBatch, rightBatch),
                leftBatch,
                rightBatch,
                transposesLeft ? left.channels() : left.width(),
                inner,
                transposesRight ? right.width() : right.channels());
    }

    private static Shape batch(Shape shape) {
        int[] dimensions = shape.toArray();
        return dimensions.length == 2 ? Shape.of(1) : Shape.of(Arrays.copyOf(dimensions, dimensions.length - 2));
    }

    private static Shape common(Shape left, Shape right) {
        int[] common = (left.rank() > right.rank() ? left : right).toArray();
        Shape shorter = left.rank() > right.rank() ? right : left;
        for (int i = 1; i <= shorter.rank(); i++) {
            int at = common.length - i;
            common[at] = Math.max(common[at], shorter.dimensions().get(shorter.rank() - i));
        }
        Shape all = Shape.of(common);
        require(
                Repetition.fits(left, all) && Repetition.fits(right, all),
                "batches %s and %s of matrices do not fit.",
                left,
                right);
        return all;
    }

    /** Dimensions of the product of operands with these many. */
    public int[] made(int leftRank, int rightRank) {
        int[] made = new int[Math.max(leftRank, rightRank)];
        for (int d = 0; d < made.length - 2; d++) {
            made[d] = batch.dimensions().get(d);
        }
        made[made.length - 2] = rows;
        made[made.length - 1] = columns;
        return made;
    }

    /** Elements of the product. */
    public int elements() {
        return Math.multiplyExact(Math.multiplyExact(batch.elements(), rows), columns);
    }

    /** Products of two numbers. */
    public long macs() {
        return (long) elements() * inner;
    }
}
