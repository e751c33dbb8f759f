// SPDX-License-Identifier: Apache-2.0
/**
 * The network as data: tensors, their quantisation, and operators whose integer parameters are already computed. Arrays
 * inside records are shared, not copied: treat them as read-only.
 */
@NullMarked
package io.windhover.models.graph;

import org.jspecify.annotations.NullMarked;
