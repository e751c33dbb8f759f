// SPDX-License-Identifier: Apache-2.0
/** Whether a model still does on a device what it did: the reference's bytes, no more cycles, no worse answers. */
@NullMarked
package io.windhover.runtime.verify;

import org.jspecify.annotations.NullMarked;
