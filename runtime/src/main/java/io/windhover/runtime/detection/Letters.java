// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

/**
 * Letters of 5 x 7 dots, so that labels can be drawn on machines without fonts. What is not ASCII is drawn as a box.
 */
final class Letters {
    static final int WIDTH = 5;
    static final int HEIGHT = 7;

    private static final char FIRST = ' ';
    /** Five bits a row, the left dot highest, rows from the top, two digits each: from the space to the tilde. */
    private static final String[] ROWS = {
        "00000000000000", "04040404000004", "0a0a0000000000", "0a0a1f0a1f0a0a", "040f140e051e04", "18190204081303",
        "0c12140815120d", "04040000000000", "02040808080402", "08040202020408", "00041f0e1f0400", "0004041f040400",
        "00000000040408", "0000001f000000", "00000000000404", "00010204081000", "0e11131519110e", "040c040404040e",
        "0e11010204081f", "1f02040201110e", "02060a121f0202", "1f101e0101110e", "0608101e11110e", "1f010204080808",
        "0e11110e11110e", "0e11110f01020c", "00040400040400", "00040400040408", "02040810080402", "00001f001f0000",
        "08040201020408", "0e110102040004", "0e11171517100e", "0e11111f111111", "1e11111e11111e", "0e11101010110e",
        "1c12111111121c", "1f10101e10101f", "1f10101e101010", "0e11101711110f", "1111111f111111", "0e04040404040e",
        "0702020202120c", "11121418141211", "1010101010101f", "111b1515111111", "11111915131111", "0e11111111110e",
        "1e11111e101010", "0e11111115120d", "1e11111e141211", "0f10100e01011e", "1f040404040404", "1111111111110e",
        "11111111110a04", "1111111515150a", "11110a040a1111", "1111110a040404", "1f01020408101f", "0e08080808080e",
        "00100804020100", "0e02020202020e", "040a1100000000", "0000000000001f", "08040200000000", "00000e010f110f",
        "1010161911111e", "00000e1010110e", "01010d1311110f", "00000e111f100e", "0609081c080808", "000f11110f010e",
        "10101619111111", "04000c0404040e", "0200060202120c", "10101214181412", "0c04040404040e", "00001a15151111",
        "00001619111111", "00000e1111110e", "00001e111e1010", "00000d130f0101", "00001619101010", "00000e100e011e",
        "08081c08080906", "0000111111130d", "00001111110a04", "0000111115150a", "0000110a040a11", "000011110f010e",
        "00001f0204081f", "02040408040402", "04040404040404", "08040402040408", "00000815020000"
    };

    private static final String UNKNOWN = "1f11111111111f";

    private Letters() {}

    /** Whether a character has a dot at this column and row. */
    static boolean dot(int character, int column, int row) {
        int index = character - FIRST;
        String rows = index >= 0 && index < ROWS.length ? ROWS[index] : UNKNOWN;
        int bits = Integer.parseInt(rows.substring(2 * row, 2 * row + 2), 16);
        return (bits >> (WIDTH - 1 - column) & 1) != 0;
    }
}
