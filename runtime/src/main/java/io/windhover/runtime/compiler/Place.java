package io.windhover.runtime.compiler;

/** Where bytes lie in memory. */
interface Place {
    MapNode.Home home();
}
