// SPDX-License-Identifier: Apache-2.0
/** What a network consists of, for people and programs to read. */
@NullMarked
package io.windhover.models.inspect;

import org.jspecify.annotations.NullMarked;
