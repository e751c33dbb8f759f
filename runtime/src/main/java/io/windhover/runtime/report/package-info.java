// SPDX-License-Identifier: Apache-2.0
/** Pages and summaries of what was found of models. Nothing here needs a library but the JDK. */
@NullMarked
package io.windhover.runtime.report;

import org.jspecify.annotations.NullMarked;
