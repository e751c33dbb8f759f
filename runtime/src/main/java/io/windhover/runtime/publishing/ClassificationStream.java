// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.publishing;

import io.windhover.runtime.Classification;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;

/** Ranks the classes of each frame and publishes them. */
public final class ClassificationStream extends PublishedStream<Classification> {
    private final int top;

    /** @param top most classes of one result */
    public ClassificationStream(Session session, ResultPublisher publisher, int top) {
        super(session, publisher);
        this.top = top;
    }

    @Override
    public Classification publish(Frame frame, String source) {
        Classification result = session.classification(frame, top);
        publisher.publish(session.model(), source, result);
        return result;
    }
}
