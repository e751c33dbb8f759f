// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

/** Where a map that lies dense in memory, as [height][blocks][width][8], begins. */
public record MapAddress(int region, int offset) {}
