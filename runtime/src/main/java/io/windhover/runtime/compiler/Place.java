// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

/** Where bytes lie in memory. */
interface Place {
    MapNode.Home home();
}
