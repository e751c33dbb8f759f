// SPDX-License-Identifier: Apache-2.0
/** Pictures to show a network, drawn by our own renderer. */
@NullMarked
package io.windhover.models.demo;

import org.jspecify.annotations.NullMarked;
