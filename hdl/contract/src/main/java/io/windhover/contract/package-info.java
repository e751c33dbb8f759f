// SPDX-License-Identifier: Apache-2.0
/**
 * The accelerator's contract in Java: constants, registers, codes, and where each field of a command lies. All but
 * {@link io.windhover.contract.Field} is generated from {@code hdl/contract/contract.yaml}.
 */
@NullMarked
package io.windhover.contract;

import org.jspecify.annotations.NullMarked;
