// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;

/** One way from outputs to boxes. Keeps its working arrays. */
interface Decoder {
    /** How many classes it tells apart; 0 where the outputs do not say. */
    int classes();

    /** Replaces what was found by what this frame has, best first. */
    void decode(IntFunction<ByteBuffer> outputs, Found found);
}
