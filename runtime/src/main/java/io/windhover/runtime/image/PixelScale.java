// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Preprocessing;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What pixels 0..255 become where a model does not state it. */
public final class PixelScale {
    private static final float WHITE = 200;
    private static final float HALF = 127.5f;
    private static final float SLACK = 0.1f;

    private PixelScale() {}

    /**
     * The model's own preprocessing; else, for a float input that is quantised at once, pixels as they are where the
     * codes reach from 0 to about 255, and -1..1 where that is what they cover; else null, the tensor's default.
     */
    public static @Nullable Preprocessing of(Graph graph) {
        int input = graph.inputs()[0];
        List<Operator> readers = graph.operators().stream()
                .filter(operator -> reads(operator, input))
                .toList();
        if (graph.preprocessing() != null || readers.size() != 1 || !(readers.get(0) instanceof Quantize quantize)) {
            return graph.preprocessing();
        }
        Tensor codes = graph.tensor(quantize.output());
        float least = quantize.scale() * (codes.type().minimum() - quantize.zeroPoint());
        float greatest = quantize.scale() * (codes.type().maximum() - quantize.zeroPoint());
        int channels = graph.tensor(input).shape().channels() == 3 ? 3 : 1;
        if (least == 0 && greatest >= WHITE) {
            return Preprocessing.uniform(channels, 0, 1);
        }
        return Math.abs(least + 1) < SLACK && Math.abs(greatest - 1) < SLACK
                ? Preprocessing.uniform(channels, HALF, HALF)
                : null;
    }

    private static boolean reads(Operator operator, int tensor) {
        for (int input : operator.inputs()) {
            if (input == tensor) {
                return true;
            }
        }
        return false;
    }
}
