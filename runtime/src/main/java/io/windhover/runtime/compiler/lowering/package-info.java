// SPDX-License-Identifier: Apache-2.0
/**
 * What the lowering of every operator shares: tensors as maps, channels brought together, reshapes by way of memory,
 * and builders of stages.
 */
@NullMarked
package io.windhover.runtime.compiler.lowering;

import org.jspecify.annotations.NullMarked;
