// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.image.Fit;
import io.windhover.runtime.image.ImageOptions;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How images of other proportions become the input. */
final class FitOption {
    @Option(
            names = "--fit",
            paramLabel = "HOW",
            converter = Converter.class,
            defaultValue = "squash",
            description =
                    "Images of other proportions are stretched (squash), cut to their middle (crop) or shown whole between grey bars "
                            + "(letterbox) (default ${DEFAULT-VALUE}).")
    private Fit fit;

    static final class Converter implements ITypeConverter<Fit> {
        @Override
        public Fit convert(String value) {
            return Arrays.stream(Fit.values())
                    .filter(fit -> fit.name().toLowerCase(Locale.ROOT).equals(value))
                    .findFirst()
                    .orElseThrow(
                            () -> new TypeConversionException("'" + value + "' is none of squash, crop, letterbox"));
        }
    }

    ImageOptions options() {
        return new ImageOptions(fit, ImageOptions.DEFAULT.bgr());
    }
}
