// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeMap;

/** What a JPEG file says about itself before its first scan. */
final class JpegHeader {
    /** How its components are made into colours. */
    enum Colours {
        GREY,
        RGB,
        YCBCR,
        CMYK,
        YCCK
    }

    private static final int START_OF_SCAN = 0xDA;
    private static final int END = 0xD9;
    private static final int NONE = -1;

    private final EncodedImage source;
    private final TreeMap<Integer, byte[]> profileParts = new TreeMap<>();
    private byte[] exif = new byte[0];
    private boolean jfif;
    private int adobeTransform = NONE;
    private byte[] frame = new byte[0];

    private JpegHeader(EncodedImage source) {
        this.source = source;
    }

    static JpegHeader read(EncodedImage source) {
        JpegHeader header = new JpegHeader(source);
        byte[] bytes = source.bytes();
        int at = 2;
        while (true) {
            while (at < bytes.length - 1 && bytes[at] == (byte) 0xFF && bytes[at + 1] == (byte) 0xFF) {
                at++;
            }
            if (at + 4 > bytes.length || bytes[at] != (byte) 0xFF) {
                throw source.damaged();
            }
            int marker = bytes[at + 1] & 255;
            if (marker == START_OF_SCAN || marker == END) {
                break;
            }
            int length = (bytes[at + 2] & 255) << 8 | (bytes[at + 3] & 255);
            if (length < 2 || length > bytes.length - at - 2) {
                throw source.damaged();
            }
            header.segment(marker, Arrays.copyOfRange(bytes, at + 4, at + 2 + length));
            at += 2 + length;
        }
        header.checkFrame();
        return header;
    }

    private void segment(int marker, byte[] contents) {
        boolean isFrame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (isFrame) {
            if (marker > 0xC2) {
                throw source.unread("a lossless, hierarchical or arithmetic-coded JPEG");
            }
            frame = contents;
        } else if (marker == 0xE0 && startsWith(contents, "JFIF\0")) {
            jfif = true;
        } else if (marker == 0xE1 && startsWith(contents, "Exif\0") && contents.length > 6 && exif.length == 0) {
            exif = Arrays.copyOfRange(contents, 6, contents.length);
        } else if (marker == 0xE2 && startsWith(contents, "ICC_PROFILE\0") && contents.length > 14) {
            profileParts.put(contents[12] & 255, Arrays.copyOfRange(contents, 14, contents.length));
        } else if (marker == 0xEE && startsWith(contents, "Adobe") && contents.length > 11) {
            adobeTransform = contents[11] & 255;
        }
    }

    private static boolean startsWith(byte[] contents, String name) {
        byte[] start = name.getBytes(StandardCharsets.US_ASCII);
        return contents.length >= start.length && Arrays.equals(contents, 0, start.length, start, 0, start.length);
    }

    private void checkFrame() {
        if (frame.length < 6 || frame.length < 6 + 3 * components()) {
            throw source.damaged();
        }
        if (frame[0] != 8) {
            throw source.unread("a JPEG of " + frame[0] + " bits a sample");
        }
        if (components() != 1 && components() != 3 && components() != 4) {
            throw source.unread("a JPEG of " + components() + " components");
        }
        if (components() == 4 && adobeTransform != 0 && adobeTransform != 2) {
            throw source.unread("a JPEG of four components that does not say what they are");
        }
    }

    int width() {
        return (frame[3] & 255) << 8 | (frame[4] & 255);
    }

    int height() {
        return (frame[1] & 255) << 8 | (frame[2] & 255);
    }

    int components() {
        return frame[5] & 255;
    }

    /**
     * Decided as by the IJG's library, which viewers use: by the JFIF marker, the Adobe marker, the names of the
     * components.
     */
    Colours colours() {
        return switch (components()) {
            case 1 -> Colours.GREY;
            case 4 -> adobeTransform == 2 ? Colours.YCCK : Colours.CMYK;
            default -> {
                boolean namedRgb = frame[6] == 'R' && frame[9] == 'G' && frame[12] == 'B';
                boolean rgb = adobeTransform == NONE ? namedRgb : adobeTransform == 0;
                yield rgb && !jfif ? Colours.RGB : Colours.YCBCR;
            }
        };
    }

    /** TIFF structure of its EXIF block; empty when it has none. */
    byte[] exif() {
        return exif;
    }

    /** Its ICC profile; empty when it has none. */
    byte[] profile() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        profileParts.values().forEach(whole::writeBytes);
        return whole.toByteArray();
    }
}
