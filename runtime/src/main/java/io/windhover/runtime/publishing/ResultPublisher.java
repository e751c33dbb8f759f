// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.publishing;

import io.windhover.runtime.Classification;
import io.windhover.runtime.Detections;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;

/** Where the results of one program go. */
public interface ResultPublisher extends AutoCloseable {
    /** Publishes nothing. */
    ResultPublisher NONE = new NoPublisher();

    /** Publishes the result of one frame; source says which input it was. Never blocks. */
    void publish(Model model, String source, Classification result);

    /** As {@link #publish(Model, String, Classification)}, of what a detector found. */
    void publish(Model model, String source, Detections result);

    /**
     * Waits, for a limited time, until every result is delivered; a {@link WindhoverException} says how many are not.
     */
    void requireDelivery();

    @Override
    void close();
}
