// SPDX-License-Identifier: Apache-2.0
/**
 * From float networks to int8: plans of scales and zero points, where they come from, and what they make of a network.
 */
@NullMarked
package io.windhover.models.quantize;

import org.jspecify.annotations.NullMarked;
