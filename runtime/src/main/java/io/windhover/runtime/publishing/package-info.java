// SPDX-License-Identifier: Apache-2.0
/**
 * From a session to subscribers: every program that publishes results and ends does it by a
 * {@link io.windhover.runtime.publishing.ClassificationStream} or a
 * {@link io.windhover.runtime.publishing.DetectionStream}. How they travel is the business of the
 * {@link io.windhover.runtime.publishing.ResultPublisher} it is given.
 */
@NullMarked
package io.windhover.runtime.publishing;

import org.jspecify.annotations.NullMarked;
