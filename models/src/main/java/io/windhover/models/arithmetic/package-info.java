// SPDX-License-Identifier: Apache-2.0
/** TensorFlow Lite's reference integer arithmetic, to the bit. */
@NullMarked
package io.windhover.models.arithmetic;

import org.jspecify.annotations.NullMarked;
