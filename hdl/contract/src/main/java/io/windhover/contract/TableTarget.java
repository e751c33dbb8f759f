// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

/** The ordinal is the code. */
public enum TableTarget {
    /** The VECTOR engine's two rescale tables. */
    RESCALE,
    /** The INT8 engine's activation table. */
    ACTIVATION
}
