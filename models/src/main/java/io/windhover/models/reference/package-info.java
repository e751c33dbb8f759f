// SPDX-License-Identifier: Apache-2.0
/** The arbiter: every operator layer by layer, written for clarity, equal to TFLite's reference kernels to the bit. */
@NullMarked
package io.windhover.models.reference;

import org.jspecify.annotations.NullMarked;
