// SPDX-License-Identifier: Apache-2.0
/** Where the frames of a stream come from: files, a folder, FFmpeg, requests, a test pattern. */
@NullMarked
package io.windhover.runtime.source;

import org.jspecify.annotations.NullMarked;
