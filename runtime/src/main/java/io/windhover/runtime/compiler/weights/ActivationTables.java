// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.weights;

import io.windhover.contract.Contract;
import io.windhover.models.arithmetic.FixedPoint;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Rescale;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.function.IntUnaryOperator;

/**
 * Lookup tables in the accelerator's order: the entry of int8 code c is number c + 128. Offsets turn UINT8 codes into
 * int8 ones.
 */
public final class ActivationTables {
    private static final int CODES = 256;

    private ActivationTables() {}

    public static byte[] activation(LookupTable operator, int inputOffset, int outputOffset) {
        byte[] table = new byte[Contract.ACTIVATION_TABLE_BYTES];
        for (int entry = 0; entry < CODES; entry++) {
            int source = entry - 128 + inputOffset;
            table[entry] = (byte) (operator.table()[source & 0xFF] - outputOffset);
        }
        return table;
    }

    /** True when the codes on chip stay what they are. */
    public static boolean isIdentity(LookupTable operator, int inputOffset, int outputOffset) {
        byte[] table = activation(operator, inputOffset, outputOffset);
        for (int entry = 0; entry < CODES; entry++) {
            if (table[entry] != (byte) (entry - 128)) {
                return false;
            }
        }
        return true;
    }

    /** The same function for the vector engine, which takes the low byte of table A. */
    public static byte[] vector(LookupTable operator, int inputOffset, int outputOffset) {
        byte[] codes = activation(operator, inputOffset, outputOffset);
        byte[] table = new byte[Contract.RESCALE_TABLE_BYTES];
        for (int entry = 0; entry < CODES; entry++) {
            table[4 * entry] = codes[entry];
        }
        return table;
    }

    /** ActivationTables A and B of the vector engine from functions of the codes on chip. */
    public static byte[] sum(IntUnaryOperator first, IntUnaryOperator second) {
        byte[] table = new byte[Contract.RESCALE_TABLE_BYTES];
        for (int entry = 0; entry < CODES; entry++) {
            ConstantPool.word(table, 4 * entry, first.applyAsInt(entry - 128));
            ConstantPool.word(table, 4 * (CODES + entry), second.applyAsInt(entry - 128));
        }
        return table;
    }

    /** An operand of an addition on its way to the common scale; {@code sign} -1 takes it away. */
    public static IntUnaryOperator rescaled(Rescale rescale, int zeroPoint, int leftShift, int sign) {
        return code -> sign
                * FixedPoint.multiplyByQuantizedMultiplier(
                        (code - zeroPoint) << leftShift, rescale.multiplier(), rescale.shift());
    }

    /** The largest magnitude of a sum of one entry of either table. */
    public static long largestSum(byte[] tables) {
        IntBuffer entries =
                ByteBuffer.wrap(tables).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        long[] largest = new long[2];
        for (int entry = 0; entry < 2 * CODES; entry++) {
            largest[entry / CODES] = Math.max(largest[entry / CODES], Math.abs((long) entries.get(entry)));
        }
        return largest[0] + largest[1];
    }
}
