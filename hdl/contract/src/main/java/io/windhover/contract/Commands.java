// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

import java.util.List;

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

    /** The FIELDS of the command with this opcode; none where it is unknown. */
    public static List<Field> fieldsOf(int opcode) {
        return switch (opcode) {
            case LoadMap.OPCODE -> LoadMap.FIELDS;
            case LoadPatch.OPCODE -> LoadPatch.FIELDS;
            case LoadWeights.OPCODE -> LoadWeights.FIELDS;
            case LoadTable.OPCODE -> LoadTable.FIELDS;
            case StoreMap.OPCODE -> StoreMap.FIELDS;
            case Int8Convolution.OPCODE -> Int8Convolution.FIELDS;
            case XnorConvolution.OPCODE -> XnorConvolution.FIELDS;
            case Vector.OPCODE -> Vector.FIELDS;
            default -> List.of();
        };
    }
}
