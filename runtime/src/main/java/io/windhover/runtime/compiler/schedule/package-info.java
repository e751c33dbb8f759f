// SPDX-License-Identifier: Apache-2.0
/**
 * Which stages run together as a segment, in which order their bands of rows do, which rows stay on chip, and where in
 * memory the others wait.
 */
@NullMarked
package io.windhover.runtime.compiler.schedule;

import org.jspecify.annotations.NullMarked;
