// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

/** All commands, by opcode. */
public final class Commands {
    private Commands() {}

    /** Name of the command with this opcode, or {@code "?"}. */
    public static String nameOf(int opcode) {
        return switch (opcode) {
            case LoadMap.OPCODE -> "LOAD_MAP";
            case LoadPatch.OPCODE -> "LOAD_PATCH";
            case LoadWeights.OPCODE -> "LOAD_WEIGHTS";
            case LoadTable.OPCODE -> "LOAD_TABLE";
            case StoreMap.OPCODE -> "STORE_MAP";
            case Int8Convolution.OPCODE -> "INT8_CONVOLUTION";
            case XnorConvolution.OPCODE -> "XNOR_CONVOLUTION";
            case Vector.OPCODE -> "VECTOR";
            default -> "?";
        };
    }
}
