// SPDX-License-Identifier: Apache-2.0
/**
 * The accelerator's contract in Java: constants, registers, codes, and where each field of a command lies. All but
 * {@link io.windhover.contract.Field} is generated from {@code hdl/contract/contract.yaml}.
 */
package io.windhover.contract;
