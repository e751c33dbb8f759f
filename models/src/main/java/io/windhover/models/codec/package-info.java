// SPDX-License-Identifier: Apache-2.0
/**
 * Graphs as bytes, for a section of a compiled model or a trained network among the resources; see
 * {@code models/doc/graph-codec.md}.
 */
@NullMarked
package io.windhover.models.codec;

import org.jspecify.annotations.NullMarked;
