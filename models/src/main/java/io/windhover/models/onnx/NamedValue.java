// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

/** What a name in the file stands for: something computed per frame, or something known now. */
sealed interface NamedValue permits Activation, CodedConstant, Constant, UnreadConstant {
    /** Its ONNX shape. */
    int[] dimensions();
}
