// SPDX-License-Identifier: Apache-2.0
/**
 * What a compiled program consists of: commands with what they touch, where tensors lie in memory regions, and the file
 * it is stored in. Imports no other package of the compiler.
 */
@NullMarked
package io.windhover.runtime.compiler.program;

import org.jspecify.annotations.NullMarked;
