// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.synthetic;

import io.windhover.models.arithmetic.HardSwish;
import io.windhover.models.graph.Quantization;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/** Nonlinear functions of one activation at a time, appended to a {@link NetworkBuilder} as tables. */
public final class FunctionLayers {
    private final NetworkBuilder network;

    FunctionLayers(NetworkBuilder network) {
        this.network = network;
    }

    static double relu6(double x) {
        return Math.max(0, Math.min(6, x));
    }

    /** relu6(x + 3) / 6: output scale 1 / 256, zero point -128. */
    public int hardSigmoid(int input) {
        return network.elementwise()
                .table(input, "hard_sigmoid", x -> relu6(x + 3) / 6, Quantization.of(1f / 256, -128));
    }

    /**
     * The table of this activation with an output range that covers every value; the input itself where it has none.
     * Hard-swish is TFLite's to the bit.
     */
    int activation(int input, Activation activation) {
        DoubleUnaryOperator function = activation.table;
        if (function == null) {
            return input;
        }
        String name = activation.name().toLowerCase(Locale.ROOT);
        network.named(network.graph.tensor(input).name() + "_" + name);
        Quantization range = covering(input, function);
        if (activation == Activation.HARD_SWISH) {
            HardSwish exact = new HardSwish(network.graph.tensor(input).requireQuantization(), range);
            return network.elementwise().codeTable(input, name, range, exact::apply);
        }
        return network.elementwise().table(input, name, function, range);
    }

    private Quantization covering(int input, DoubleUnaryOperator function) {
        double low = 0;
        double high = 0;
        for (int code = -128; code <= 127; code++) {
            double value = function.applyAsDouble(network.scale(input) * (double) (code - network.zeroPoint(input)));
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        float scale = (float) ((high - low) / 255);
        return Quantization.of(scale, (int) Math.round(-128 - low / scale));
    }
}
