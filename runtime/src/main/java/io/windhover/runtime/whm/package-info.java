// SPDX-License-Identifier: Apache-2.0
/**
 * Compiled models as {@code .whm} files. What the sections hold is written down in {@code runtime/doc/whm-sections.md}.
 */
@NullMarked
package io.windhover.runtime.whm;

import org.jspecify.annotations.NullMarked;
