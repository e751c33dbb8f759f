// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

/** The ordinal is the code. */
public enum Codec {
    /** Weights are stored as they are. */
    RAW
}
