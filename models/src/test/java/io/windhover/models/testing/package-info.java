// SPDX-License-Identifier: Apache-2.0
/** Seeded random graphs and inputs for tests of every executor. The same seed gives the same graph on every machine. */
@NullMarked
package io.windhover.models.testing;

import org.jspecify.annotations.NullMarked;
