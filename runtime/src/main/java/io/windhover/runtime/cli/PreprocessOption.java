// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.models.graph.Preprocessing;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.PixelScale;
import io.windhover.runtime.model.Model;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How pixels become a network's input, for models that do not say. */
final class PreprocessOption {
    private static final float HALF = 127.5f;
    private static final float LEVELS = 255f;

    @Option(
            names = "--preprocess",
            paramLabel = "HOW",
            description = {
                "How pixels 0..255 become the input: none (the pixel is the code, or the float), unit (0..1), signed (-1..1), or MEAN,STD in pixels "
                        + "(default: what the model or the quantisation of its input says, else none for 8-bit inputs and unit for float ones)."
            })
    private @Nullable String how;

    /** True when neither the command line nor the model says. */
    boolean isOpen(Model model) {
        return how == null && model.graph().preprocessing() == null;
    }

    /** Says what pixels become where that is a guess. */
    void sayGuess(Model model, PrintWriter err) {
        if (how == null && PixelScale.of(model.graph()) == null && model.image().type() == TensorType.FLOAT32) {
            Progress.say(
                    err,
                    "the model does not say how pixels become its input: 0..255 is taken as 0..1 (--preprocess says otherwise)");
        }
    }

    /** The model, with this preprocessing when it was asked for. */
    Model apply(Model model) {
        return how == null ? model : with(model, how);
    }

    /** The model with the preprocessing of this name. */
    static Model with(Model model, String how) {
        Tensor input = model.graph().tensor(model.graph().inputs()[0]);
        return model.with(model.graph().labels(), preprocessing(how, input));
    }

    private static @Nullable Preprocessing preprocessing(String how, Tensor input) {
        int channels = input.shape().channels() == 3 ? 3 : 1;
        return switch (how) {
            case "none" -> input.type() == TensorType.FLOAT32 ? Preprocessing.uniform(channels, 0, 1) : null;
            case "unit" -> Preprocessing.uniform(channels, 0, LEVELS);
            case "signed" -> Preprocessing.uniform(channels, HALF, HALF);
            default -> numbers(how, channels);
        };
    }

    private static Preprocessing numbers(String how, int channels) {
        String[] parts = how.split(",", -1);
        try {
            if (parts.length == 2 && Float.parseFloat(parts[1].strip()) > 0) {
                return Preprocessing.uniform(
                        channels, Float.parseFloat(parts[0].strip()), Float.parseFloat(parts[1].strip()));
            }
        } catch (NumberFormatException ignored) {
            // Falls through to the sentence that says what is accepted.
        }
        throw new WindhoverException("--preprocess '" + how
                + "' cannot be used; give none, unit, signed or MEAN,STD (such as 127.5,127.5; STD above 0).");
    }
}
