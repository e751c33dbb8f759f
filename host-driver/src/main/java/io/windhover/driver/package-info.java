// SPDX-License-Identifier: Apache-2.0
/**
 * The accelerator as Java sees it: devices, buffers, jobs. Knows bytes and jobs, never layers. The only package of the
 * project that touches JNA; its types do not leave the package.
 */
@NullMarked
package io.windhover.driver;

import org.jspecify.annotations.NullMarked;
