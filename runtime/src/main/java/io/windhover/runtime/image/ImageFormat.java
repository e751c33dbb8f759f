// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The kinds of files that are decoded, known by their first bytes, whatever their names are. */
enum ImageFormat {
    PNG(8 * 1032, "\u0089PNG\r\n\u001a\n"),
    JPEG(1024, "\u00ff\u00d8\u00ff"),
    GIF(4096, "GIF87a", "GIF89a"),
    BMP(256, "BM"),
    TIFF(1 << 16, "II*\0", "MM\0*");

    static final int SIGNATURE_BYTES = 8;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<byte[]> signatures;

    private final int pixelsPerByte;

    ImageFormat(int pixelsPerByte, String... signatures) {
        this.pixelsPerByte = pixelsPerByte;
        this.signatures = Arrays.stream(signatures)
                .map(signature -> signature.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    /** The format of a file that starts with these bytes. */
    static Optional<ImageFormat> of(byte[] start) {
        return Arrays.stream(values())
                .filter(format -> format.signatures.stream().anyMatch(signature -> startsWith(start, signature)))
                .findFirst();
    }

    private static boolean startsWith(byte[] start, byte[] signature) {
        return start.length >= signature.length
                && Arrays.equals(start, 0, signature.length, signature, 0, signature.length);
    }

    /** Most pixels that one byte of a file can stand for, given the strongest compression that the format has. */
    int pixelsPerByte() {
        return pixelsPerByte;
    }
}
