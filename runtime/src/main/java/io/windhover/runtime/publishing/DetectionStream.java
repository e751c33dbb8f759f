// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.publishing;

import io.windhover.runtime.Detections;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;

/** Publishes what a detector finds. */
public final class DetectionStream extends PublishedStream<Detections> {
    public DetectionStream(Session session, ResultPublisher publisher) {
        super(session, publisher);
    }

    @Override
    public Detections publish(Frame frame, String source) {
        Detections result = session.detections(frame);
        publisher.publish(session.model(), source, result);
        return result;
    }
}
