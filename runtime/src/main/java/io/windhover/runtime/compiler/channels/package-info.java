// SPDX-License-Identifier: Apache-2.0
/** Where the channels of a tensor lie: in which map, in which byte of a pixel, and which operators read them. */
@NullMarked
package io.windhover.runtime.compiler.channels;

import org.jspecify.annotations.NullMarked;
