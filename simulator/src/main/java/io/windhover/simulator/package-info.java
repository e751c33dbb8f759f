// SPDX-License-Identifier: Apache-2.0
/** Simulated devices for JUnit 5 tests, with a waveform of what failed. */
@NullMarked
package io.windhover.simulator;

import org.jspecify.annotations.NullMarked;
