// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import io.windhover.runtime.image.Pixels;
import org.jspecify.annotations.Nullable;

/** The test pattern, frame after frame. */
final class PatternSource implements FrameSource {
    private final TestPattern pattern;
    private final Pacer pacer;
    private final Gate gate = new Gate();
    private long number;

    PatternSource(SourceSettings.Pattern settings) {
        this.pattern = new TestPattern(settings.width(), settings.height());
        this.pacer = new Pacer(settings.framesPerSecond(), System::nanoTime);
    }

    @Override
    public @Nullable SourceFrame next() throws InterruptedException {
        if (!gate.pause(pacer.nextNanos())) {
            return null;
        }
        long start = System.nanoTime();
        Pixels pixels = pattern.draw(number);
        return SourceFrame.picture("frame " + number++, pixels, System.nanoTime() - start);
    }

    @Override
    public Health health() {
        return Health.WELL;
    }

    @Override
    public void close() {
        gate.close();
    }
}
