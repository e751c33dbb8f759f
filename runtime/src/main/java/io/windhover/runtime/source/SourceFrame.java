// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import io.windhover.runtime.image.Pixels;

/**
 * One frame of a source.
 *
 * @param name what results call it, such as a file's name or "frame 17"
 * @param decodeNanos that reading and decoding took
 * @param outcome told what became of the frame
 */
public record SourceFrame(String name, Content content, long decodeNanos, Outcome outcome) {
    /** What goes into the model. */
    public sealed interface Content {
        /** An image, to be fitted into the model's input. */
        record Picture(Pixels pixels) implements Content {}

        /** Bytes of the model's only input, in its own type and layout. */
        record Tensor(byte[] bytes) implements Content {}
    }

    /** What became of a frame; exactly one of these is called, from any thread, and must not block. */
    public interface Outcome {
        /** Nothing is to be done. */
        Outcome NONE = new Outcome() {};

        /** It was run; the result, as JSON, is in the hands of the queue where it was to be published. */
        default void done(byte[] result) {}

        /** It cannot be used; one sentence says why. */
        default void refused(String reason) {}

        /** It was left out for a newer one, or its stream ended before. */
        default void skipped() {}
    }

    /** A picture whose fate nobody waits for. */
    public static SourceFrame picture(String name, Pixels pixels, long decodeNanos) {
        return new SourceFrame(name, new Content.Picture(pixels), decodeNanos, Outcome.NONE);
    }
}
