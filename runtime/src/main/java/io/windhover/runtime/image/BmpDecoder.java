// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** BMP as the JDK decodes it, but for the JPEG and PNG files that may hide in one. */
final class BmpDecoder {
    private static final int HEADER_SIZE_OFFSET = 14;
    private static final int OLD_HEADER_BYTES = 12;
    private static final int COMPRESSION_OFFSET = 30;
    private static final int MOST_COMPRESSION = 3;

    private BmpDecoder() {}

    static Pixels decode(EncodedImage source) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(source.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        if (header.capacity() < COMPRESSION_OFFSET + 4) {
            throw source.damaged();
        }
        if (header.getInt(HEADER_SIZE_OFFSET) != OLD_HEADER_BYTES
                && Integer.compareUnsigned(header.getInt(COMPRESSION_OFFSET), MOST_COMPRESSION) > 0) {
            throw source.unread("a BMP of compression " + Integer.toUnsignedString(header.getInt(COMPRESSION_OFFSET)));
        }
        return source.read(reader -> {
            source.checkSize(reader.getWidth(0), reader.getHeight(0));
            return Levels.of(reader.read(0), source).pixels();
        });
    }
}
