// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

/**
 * What a network's publication says about its size, and a remark on that.
 *
 * @param macs multiply-accumulates such as "569 M" or "1.5-1.6 G", or empty
 * @param parameters parameters, batch norm not folded, in the same form, or empty
 * @param remark why a figure differs or which of several definitions this is, or empty
 */
public record Published(String macs, String parameters, String remark) {
    static final Published NOTHING = new Published("", "", "");

    public Published {
        macs = checked(macs);
        parameters = checked(parameters);
    }

    private static String checked(String figure) {
        if (!figure.isEmpty()) {
            Figure.parse(figure);
        }
        return figure;
    }

    /** Whether both figures, as far as they were published, are within 2 % or their rounding. */
    public boolean agrees(Sizes sizes) {
        return agrees(macs, sizes.macs()) && agrees(parameters, sizes.unfoldedParameters());
    }

    private static boolean agrees(String figure, long count) {
        return figure.isEmpty() || Figure.parse(figure).agrees(count);
    }
}
