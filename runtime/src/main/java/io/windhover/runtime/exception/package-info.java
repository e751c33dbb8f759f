// SPDX-License-Identifier: Apache-2.0
/** What goes wrong, each with one sentence for the user. */
@NullMarked
package io.windhover.runtime.exception;

import org.jspecify.annotations.NullMarked;
