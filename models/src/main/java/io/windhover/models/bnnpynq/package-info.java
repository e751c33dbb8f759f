// SPDX-License-Identifier: Apache-2.0
/** Trained binary networks of BNN-PYNQ: folders of weight and threshold files. */
@NullMarked
package io.windhover.models.bnnpynq;

import org.jspecify.annotations.NullMarked;
