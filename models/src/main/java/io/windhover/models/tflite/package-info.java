// SPDX-License-Identifier: Apache-2.0
/**
 * Reads TensorFlow Lite files. The format's field numbers are restated in {@code Schema}; every offset and size is
 * bounded.
 */
@NullMarked
package io.windhover.models.tflite;

import org.jspecify.annotations.NullMarked;
