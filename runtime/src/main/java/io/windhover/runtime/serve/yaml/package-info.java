// SPDX-License-Identifier: Apache-2.0
/**
 * Reading YAML so that a mistake is reported with its line, its key and its value, and with what would be right. A
 * {@link io.windhover.runtime.serve.yaml.Section} is read key by key; keys that nobody asked for are mistakes.
 */
@NullMarked
package io.windhover.runtime.serve.yaml;

import org.jspecify.annotations.NullMarked;
