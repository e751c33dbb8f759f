// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Bits {@code [lsb, lsb + width)} of one 64-bit word of a command, or an array of {@code count} such fields from there
 * up. The methods that read and write take an array of words and the number of the command's first one in it.
 *
 * @param word word of the command; 0 for the fields of a type, which {@link #in} places
 * @param signed two's complement
 */
public record Field(String name, int word, int lsb, int width, boolean signed, int count) {
    /** Least value it can hold. */
    public long minimum() {
        return signed ? -(1L << (width - 1)) : 0;
    }

    /** Greatest value it can hold. */
    public long maximum() {
        return (1L << (signed ? width - 1 : width)) - 1;
    }

    /** The elements of an array; of any other field, itself. */
    public List<Field> elements() {
        if (count == 1) {
            return List.of(this);
        }
        return IntStream.range(0, count)
                .mapToObj(i -> new Field(name + "[" + i + "]", word, lsb + i * width, width, signed, 1))
                .toList();
    }

    /** The same field of the type's word called {@code owner}, which is number {@code place} of the command. */
    public Field in(String owner, int place) {
        return new Field(owner + "." + name, place, lsb, width, signed, count);
    }

    public long get(long[] words, int offset) {
        int left = Long.SIZE - lsb - width;
        int right = Long.SIZE - width;
        long shifted = words[offset + word] << left;
        return signed ? shifted >> right : shifted >>> right;
    }

    /** Writes the value's low bits; what the field cannot hold is lost. */
    public void put(long[] words, int offset, long value) {
        long mask = -1L >>> (Long.SIZE - width);
        words[offset + word] = (words[offset + word] & ~(mask << lsb)) | (value & mask) << lsb;
    }
}
