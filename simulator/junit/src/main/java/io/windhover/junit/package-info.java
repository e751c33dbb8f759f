// SPDX-License-Identifier: Apache-2.0
/** JUnit 5 tests of models on simulated accelerators, and of programs on bare ones. */
@NullMarked
package io.windhover.junit;

import org.jspecify.annotations.NullMarked;
