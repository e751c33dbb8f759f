// SPDX-License-Identifier: Apache-2.0
/**
 * From the outputs of a network that finds things to boxes in the picture: how a kind of detector writes its boxes
 * ({@link io.windhover.runtime.detection.Decode}), which kind a network is, what is left after overlapping boxes are
 * suppressed. What is recognised and how boxes are written: {@code runtime/doc/detection.md}.
 */
@NullMarked
package io.windhover.runtime.detection;

import org.jspecify.annotations.NullMarked;
