// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.mutation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/**
 * Damages a file in one to four places. Most damage goes where the file's structure is, not into its large constants.
 */
final class Mutator {
    private static final int[] EXTREMES = {
        0, 1, -1, 2, 4, 7, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x7FFFFFFC
    };

    private final byte[] original;
    private final int[] structure;
    private final Random random;

    /** {@code structure} holds the positions that describe rather than contain. */
    Mutator(byte[] original, int[] structure, long seed) {
        this.original = original;
        this.structure = structure;
        this.random = new Random(seed);
    }

    byte[] next() {
        byte[] mutant = original.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            change(mutant, position(mutant.length));
        }
        return random.nextInt(16) == 0 ? Arrays.copyOf(mutant, random.nextInt(mutant.length)) : mutant;
    }

    private int position(int length) {
        return random.nextInt(8) == 0 ? random.nextInt(length) : structure[random.nextInt(structure.length)];
    }

    private void change(byte[] mutant, int position) {
        int word = Math.min(position & ~3, mutant.length - Integer.BYTES);
        ByteBuffer words = ByteBuffer.wrap(mutant).order(ByteOrder.LITTLE_ENDIAN);
        switch (random.nextInt(6)) {
            case 0 -> mutant[position] ^= (byte) (1 << random.nextInt(8));
            case 1 -> mutant[position] = (byte) random.nextInt();
            case 2 -> words.putInt(word, EXTREMES[random.nextInt(EXTREMES.length)]);
            case 3 -> words.putInt(word, words.getInt(word) + random.nextInt(65) - 32);
            case 4 -> words.putInt(word, random.nextInt());
            default -> {
                int source = position(mutant.length);
                int length = Math.min(1 + random.nextInt(64), mutant.length - Math.max(source, position));
                System.arraycopy(original, source, mutant, position, length);
            }
        }
    }

    /** Positions of a file that lie outside long runs of these constants. */
    static int[] outside(byte[] file, Iterable<byte[]> constants) {
        boolean[] covered = new boolean[file.length];
        for (byte[] constant : constants) {
            int at = constant.length < 64 ? -1 : indexOf(file, constant);
            if (at >= 0) {
                Arrays.fill(covered, at, at + constant.length, true);
            }
        }
        int[] positions = new int[file.length];
        int count = 0;
        for (int i = 0; i < file.length; i++) {
            if (!covered[i]) {
                positions[count++] = i;
            }
        }
        return Arrays.copyOf(positions, count);
    }

    private static int indexOf(byte[] file, byte[] part) {
        for (int at = 0; at <= file.length - part.length; at++) {
            if (file[at] == part[0] && Arrays.equals(file, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        return -1;
    }
}
