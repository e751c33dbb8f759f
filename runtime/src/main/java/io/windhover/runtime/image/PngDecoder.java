// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.InflaterInputStream;

/** PNG: the JDK decodes the pixels; a profile and an orientation come from the chunks. */
final class PngDecoder {
    private static final int FIRST_CHUNK = 8;
    /** Length, type and checksum of a chunk. */
    private static final int FRAME_BYTES = 12;
    /** "IEND". */
    private static final int LAST_CHUNK = 0x49454E44;

    private PngDecoder() {}

    static Pixels decode(EncodedImage source) throws IOException {
        byte[] header = chunk(source, "IHDR");
        if (header.length < 13) {
            throw source.damaged();
        }
        ByteBuffer size = ByteBuffer.wrap(header);
        source.checkSize(size.getInt(0), size.getInt(4));
        BufferedImage image = source.read(reader -> reader.read(0));
        Levels levels = ColourProfile.toStandard(Levels.of(image, source), profile(chunk(source, "iCCP")));
        return Orientation.upright(levels.pixels(), Orientation.ofExif(chunk(source, "eXIf")));
    }

    /**
     * Contents of the first chunk of a type; empty when there is none before the last one, after which anything may
     * follow.
     */
    private static byte[] chunk(EncodedImage source, String type) {
        ByteBuffer bytes = ByteBuffer.wrap(source.bytes());
        int wanted = ByteBuffer.wrap(type.getBytes(StandardCharsets.US_ASCII)).getInt();
        int at = FIRST_CHUNK;
        while (at + FRAME_BYTES <= bytes.capacity()) {
            int length = bytes.getInt(at);
            if (length < 0 || length > bytes.capacity() - at - FRAME_BYTES) {
                throw source.damaged();
            }
            if (bytes.getInt(at + 4) == LAST_CHUNK) {
                break;
            }
            if (bytes.getInt(at + 4) == wanted) {
                return Arrays.copyOfRange(source.bytes(), at + 8, at + 8 + length);
            }
            at += FRAME_BYTES + length;
        }
        return new byte[0];
    }

    /** A name, a zero, the method zero, then the profile compressed. */
    private static byte[] profile(byte[] chunk) {
        int name = 0;
        while (name < chunk.length && chunk[name] != 0) {
            name++;
        }
        if (name + 2 > chunk.length) {
            return new byte[0];
        }
        try (InflaterInputStream profile =
                new InflaterInputStream(new ByteArrayInputStream(chunk, name + 2, chunk.length - name - 2))) {
            return profile.readNBytes(ColourProfile.MOST_BYTES + 1);
        } catch (IOException unreadable) {
            return new byte[0];
        }
    }
}
