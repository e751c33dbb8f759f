// SPDX-License-Identifier: Apache-2.0
/** One lowering for each family of operators: from an operator of the graph to stages. */
@NullMarked
package io.windhover.runtime.compiler.operators;

import org.jspecify.annotations.NullMarked;
