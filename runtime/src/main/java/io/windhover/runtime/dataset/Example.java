// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.dataset;

import io.windhover.runtime.image.Pixels;
import java.nio.file.Path;

/** One input with the class it belongs to. */
public sealed interface Example {
    /** What it is called in messages. */
    String name();

    /** Number of its class in the data set. */
    int label();

    /** An encoded image. */
    record File(String name, int label, Path path) implements Example {}

    /** A decoded image. */
    record Image(String name, int label, Pixels pixels) implements Example {}

    /** Bytes of the input tensor, in its own type and layout. */
    record Raw(String name, int label, byte[] bytes) implements Example {}
}
