// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

/** How an image becomes an input of other proportions. */
public enum Fit {
    /** All of it, stretched. */
    SQUASH,
    /** The largest part from its middle that has the input's proportions. */
    CROP,
    /** All of it, in its own proportions, with grey bars (level 114) beside or above and below. */
    LETTERBOX
}
