// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

/** The ordinal is the code. */
public enum VectorOperation {
    /** Int8 maximum over the valid window. */
    MAXIMUM_POOL,
    /** Bitwise or over the valid window (maximum of packed bits). */
    OR_POOL,
    /** Int8 average over the valid window. */
    AVERAGE_POOL,
    /** Rescale tables, sum, requantise. */
    ADD,
    /** (a - a_zero) x (b - b_zero), requantise. */
    MULTIPLY,
    /** Low byte of rescale table A. */
    TABLE
}
