// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.publishing;

import io.windhover.runtime.Classification;
import io.windhover.runtime.Detections;
import io.windhover.runtime.model.Model;

/** For programs whose results nobody subscribes to. */
final class NoPublisher implements ResultPublisher {
    @Override
    public void publish(Model model, String source, Classification result) {}

    @Override
    public void publish(Model model, String source, Detections result) {}

    @Override
    public void requireDelivery() {}

    @Override
    public void close() {}
}
