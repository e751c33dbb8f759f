// SPDX-License-Identifier: Apache-2.0
/**
 * One network resident on one device: where its inputs and outputs lie, and how a frame is run. Internal to the
 * runtime.
 */
@NullMarked
package io.windhover.runtime.engine;

import org.jspecify.annotations.NullMarked;
