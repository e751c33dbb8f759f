// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

/** Where a map that lies dense in memory, as [height][blocks][width][8], begins. */
record MapAddress(int region, int offset) {}
