// SPDX-License-Identifier: Apache-2.0
/**
 * Reads ONNX files: float networks, QDQ and QLinear networks, and low-bit networks in QONNX form; see
 * {@code models/doc/onnx.md}. Protobuf is read field by field with every size checked against the file; no generated
 * code.
 */
@NullMarked
package io.windhover.models.onnx;

import org.jspecify.annotations.NullMarked;
