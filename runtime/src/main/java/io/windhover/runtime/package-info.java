// SPDX-License-Identifier: Apache-2.0
/**
 * Running networks: open a {@link io.windhover.runtime.Device}, load a model into a
 * {@link io.windhover.runtime.Session}, classify images. Two frames are in flight, so that filling one overlaps
 * accelerating the other.
 */
@NullMarked
package io.windhover.runtime;

import org.jspecify.annotations.NullMarked;
