// SPDX-License-Identifier: Apache-2.0
/** Reads the accelerator's contract and writes everything that must agree with it. */
package io.windhover.contract.generator;
