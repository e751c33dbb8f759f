// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import io.windhover.runtime.detection.Decode.Coordinates;
import io.windhover.runtime.detection.Decode.Kind;
import io.windhover.runtime.exception.WindhoverException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a user says about the decoding of a model; null leaves it as the model has it, or as is usual for the kind. */
public record DecodeSettings(
        @Nullable Kind kind,
        @Nullable Coordinates coordinates,
        @Nullable Double minimumScore,
        @Nullable Double iou,
        @Nullable Integer count) {
    /** Changes nothing. */
    public static final DecodeSettings UNCHANGED = new DecodeSettings(null, null, null, null, null);

    public boolean isEmpty() {
        return equals(UNCHANGED);
    }

    /**
     * The description with these changes. Of the model's own kind the rest stays, such as its priors.
     *
     * @param own of the model; null where it has none
     */
    public @Nullable Decode apply(@Nullable Decode own) {
        if (isEmpty()) {
            return own;
        }
        if (kind == null && own == null) {
            throw new WindhoverException(
                    "How boxes are found is given, but not what kind of detector the model is; say so with --decode, "
                            + "or 'kind' in a service's configuration.");
        }
        Kind wanted = kind == null ? Objects.requireNonNull(own).kind() : kind;
        Decode base = own != null && own.kind() == wanted ? own : Decode.of(wanted);
        return base.with(coordinates == null ? base.coordinates() : coordinates)
                .withThresholds(
                        minimumScore == null ? base.minimumScore() : minimumScore,
                        iou == null ? base.iou() : iou,
                        count == null ? base.count() : count);
    }
}
