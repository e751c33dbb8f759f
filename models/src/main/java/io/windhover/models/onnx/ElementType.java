// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.TensorType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * ONNX's element types by their number in {@code TensorProto.DataType}; those that constants may have know their size.
 */
enum ElementType {
    FLOAT(1, 4),
    UINT8(2, 1),
    INT8(3, 1),
    INT32(6, 4),
    INT64(7, 8),
    BOOL(9, 1),
    FLOAT16(10, 2),
    DOUBLE(11, 8);

    private static final String[] NAMES =
            ("UNDEFINED FLOAT UINT8 INT8 UINT16 INT16 INT32 INT64 STRING BOOL FLOAT16 DOUBLE UINT32 UINT64 "
                            + "COMPLEX64 COMPLEX128 BFLOAT16 FLOAT8E4M3FN FLOAT8E4M3FNUZ FLOAT8E5M2 FLOAT8E5M2FNUZ UINT4 INT4 FLOAT4E2M1")
                    .split(" ");

    final int code;
    final int bytes;

    ElementType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    static ElementType of(long code, String where) {
        for (ElementType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        require(
                false,
                "%s has element type %s, which is not supported; export it as float, int8 or uint8.",
                where,
                name(code));
        return FLOAT;
    }

    /** That of a tensor of numbers that are no codes. */
    static ElementType of(TensorType type) {
        return switch (type) {
            case INT32 -> INT32;
            case INT64 -> INT64;
            case BOOL -> BOOL;
            default -> FLOAT;
        };
    }

    /** That of tensors that hold such numbers, or null where they would be codes. */
    @Nullable
    TensorType tensorType() {
        return switch (this) {
            case FLOAT, FLOAT16, DOUBLE -> TensorType.FLOAT32;
            case INT32 -> TensorType.INT32;
            case INT64 -> TensorType.INT64;
            case BOOL -> TensorType.BOOL;
            case INT8, UINT8 -> null;
        };
    }

    /** True for types that constants may have. */
    static boolean has(long code) {
        return Arrays.stream(values()).anyMatch(type -> type.code == code);
    }

    static String name(long code) {
        return code >= 0 && code < NAMES.length ? NAMES[(int) code] : "number " + code;
    }

    boolean isReal() {
        return this == FLOAT || this == FLOAT16 || this == DOUBLE;
    }

    /** Values a code of this type may have; 8-bit types only. */
    int minimum() {
        return this == INT8 ? Byte.MIN_VALUE : 0;
    }

    int maximum() {
        return this == INT8 ? Byte.MAX_VALUE : 255;
    }
}
