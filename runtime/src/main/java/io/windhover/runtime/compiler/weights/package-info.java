// SPDX-License-Identifier: Apache-2.0
/** Weights and per-channel numbers in the order in which the engines read them, and the pool of constants. */
@NullMarked
package io.windhover.runtime.compiler.weights;

import org.jspecify.annotations.NullMarked;
