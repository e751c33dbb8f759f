// SPDX-License-Identifier: Apache-2.0
/** From an image file to the bytes of an input tensor: bounded decoding, resizing, quantising in place. */
@NullMarked
package io.windhover.runtime.image;

import org.jspecify.annotations.NullMarked;
