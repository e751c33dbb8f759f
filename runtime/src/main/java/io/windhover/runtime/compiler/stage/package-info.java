// SPDX-License-Identifier: Apache-2.0
/**
 * Work of one engine each, and the maps that stages read and make. A stage knows its cycles, its weights and the
 * command for a band of its rows, not when it runs.
 */
@NullMarked
package io.windhover.runtime.compiler.stage;

import org.jspecify.annotations.NullMarked;
