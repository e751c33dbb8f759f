// SPDX-License-Identifier: Apache-2.0
/** From scheduled segments to commands: addresses on chip, loads and stores, and the tokens that order commands. */
@NullMarked
package io.windhover.runtime.compiler.emission;

import org.jspecify.annotations.NullMarked;
