// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.whm;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Offsets of the container.
 *
 * <pre>
 * header   0 magic | 4 major 6 minor | 8 file length | 16 sections | 20 table CRC32C | 24 reserved
 * section  0 name                    | 8 offset      | 16 length   | 24 CRC32C       | 28 reserved
 * </pre>
 */
final class WhmFormat {
    static final int MAGIC = 0x1A4D4857;
    static final int MAJOR_VERSION = 1;
    static final int MINOR_VERSION = 0;
    static final int MAXIMUM_SECTIONS = 64;
    static final int ALIGNMENT_BYTES = 64;

    static final int HEADER_BYTES = 32;
    static final int MAJOR_OFFSET = 4;
    static final int MINOR_OFFSET = 6;
    static final int FILE_LENGTH_OFFSET = 8;
    static final int SECTION_COUNT_OFFSET = 16;
    static final int TABLE_CHECKSUM_OFFSET = 20;

    static final int ENTRY_BYTES = 40;
    static final int NAME_BYTES = 8;
    static final int ENTRY_OFFSET_OFFSET = 8;
    static final int ENTRY_LENGTH_OFFSET = 16;
    static final int ENTRY_CHECKSUM_OFFSET = 24;

    private WhmFormat() {}

    static long aligned(long position) {
        return (position + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
    }

    static int checksum(ByteBuffer contents) {
        CRC32C checksum = new CRC32C();
        checksum.update(contents.duplicate());
        return (int) checksum.getValue();
    }

    static boolean isName(String name) {
        return name.matches("[A-Z0-9_]{1,8}");
    }
}
