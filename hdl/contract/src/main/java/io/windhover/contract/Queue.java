// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

/** Command queues, in index order. */
public enum Queue {
    /** Loads through read port 0. */
    LOAD0,
    /** Loads through read port 1 (which also fetches commands). */
    LOAD1,
    /** Int8 convolution. */
    INT8,
    /** Binary convolution. */
    XNOR,
    /** Pooling, element-wise operators, tables. */
    VECTOR,
    /** Stores through the write port. */
    STORE
}
