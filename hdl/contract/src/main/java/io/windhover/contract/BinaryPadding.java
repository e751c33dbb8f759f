// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

/** The ordinal is the code. */
public enum BinaryPadding {
    /** Outside positions contribute nothing. */
    ZERO,
    /** Outside bits are 0. */
    MINUS_ONE,
    /** Outside bits are 1. */
    PLUS_ONE
}
