// SPDX-License-Identifier: Apache-2.0
/** Where the cycles of a frame go: runs on an accelerator, measured command by command, as figures for each layer. */
@NullMarked
package io.windhover.runtime.profile;

import org.jspecify.annotations.NullMarked;
