// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Any function of one 8-bit code.
 *
 * @param function what the table computes, in words ("logistic", "requantise")
 * @param table 256 output bytes; the entry of a code is {@code table[code & 0xFF]}
 */
public record LookupTable(String name, int[] inputs, int[] outputs, String function, byte[] table) implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.bytes(this, input, output);
        Checks.sameMap(this, input, output);
        Checks.length(this, "table entries", table.length, 256);
    }
}
