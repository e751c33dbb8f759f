// SPDX-License-Identifier: Apache-2.0
/**
 * Where the cycles of a frame go: measured command by command on an accelerator, or estimated, as figures for each
 * layer, and as a trace.
 */
@NullMarked
package io.windhover.runtime.profile;

import org.jspecify.annotations.NullMarked;
