// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.verify;

/**
 * One thing that was wanted of a model.
 *
 * @param name such as "is bit-exact"
 * @param passed whether it is so
 * @param sentence what was found, and what to do where it is not so
 */
public record Check(String name, boolean passed, String sentence) {}
