// SPDX-License-Identifier: Apache-2.0
/** The pictures of the demo. */
@NullMarked
package io.windhover.runtime.cli.demo;

import org.jspecify.annotations.NullMarked;
