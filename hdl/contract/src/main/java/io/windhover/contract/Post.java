// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

/** The ordinal is the code. */
public enum Post {
    /** Int8: bias, multiply, shift, zero point, clamp, optional table. */
    REQUANTISE,
    /** Packed bits: (sum + bias >= 0) xor invert. */
    BITS,
    /** Int32: sum + bias, little-endian, two to a 64-bit word. */
    RAW
}
