// SPDX-License-Identifier: Apache-2.0
/** Reads the accelerator's contract and writes everything that must agree with it. */
@NullMarked
package io.windhover.contract.generator;

import org.jspecify.annotations.NullMarked;
