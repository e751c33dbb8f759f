// SPDX-License-Identifier: Apache-2.0
/**
 * From a network to a program for the accelerator: lowering to stages the engines execute, partition into segments
 * whose maps stay on chip, emission of commands, and tokens from their data dependencies.
 */
@NullMarked
package io.windhover.runtime.compiler;

import org.jspecify.annotations.NullMarked;
