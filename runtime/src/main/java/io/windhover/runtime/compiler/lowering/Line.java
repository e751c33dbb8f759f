// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.lowering;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.compiler.program.TensorLocation;
import org.jspecify.annotations.Nullable;

/** The pixels of a tensor, and of others that have to be folded alike. */
final class Line {
    private static final int MOST_COLUMNS = 64;
    /** Of a pixel that is a part of one. */
    private static final int MOST_CHANNELS = 64;
    /** Words of a bank that four folded rows may take. */
    private static final int ROW_WORDS = 256;

    private @Nullable Line joined;
    private boolean tall;
    private boolean stiff;
    private boolean whole;
    private boolean apart;
    private int common;
    private int longest;
    private int blocks;
    private int rowWords;

    private Line(int pixels, int longest, int blocks, int rowWords) {
        common = pixels;
        this.longest = longest;
        this.blocks = blocks;
        this.rowWords = rowWords;
    }

    static Line of(Tensor tensor) {
        Shape shape = tensor.shape();
        int pixels = shape.height() * shape.width();
        int blocks = TensorLocation.blocks(tensor.type(), shape.channels());
        return new Line(pixels, isStraight(shape) ? pixels : 0, blocks, words(shape.width(), blocks));
    }

    /** False of maps of several rows and columns. */
    static boolean isStraight(Shape shape) {
        return Math.max(shape.height(), shape.width()) == shape.height() * shape.width();
    }

    private static int words(int columns, int blocks) {
        return (columns + 3) / 4 * blocks;
    }

    private Line root() {
        return joined == null ? this : joined.root();
    }

    void join(Line other) {
        Line root = root();
        Line next = other.root();
        if (root != next) {
            next.joined = root;
            root.tall |= next.tall;
            root.stiff |= next.stiff;
            root.whole |= next.whole;
            root.apart |= next.apart;
            root.common = gcd(root.common, next.common);
            root.longest = Math.max(root.longest, next.longest);
            root.blocks = Math.max(root.blocks, next.blocks);
            root.rowWords = Math.max(root.rowWords, next.rowWords);
        }
    }

    /** All of them need one column. */
    void makeTall() {
        root().tall = true;
    }

    /** None of them can be folded. */
    void stiffen() {
        root().stiff = true;
    }

    /** Pixels of none of them can be cut. */
    void keepWhole() {
        root().whole = true;
    }

    /** Every element of some of them is worked on alone. */
    void takeApart() {
        root().apart = true;
    }

    /** True when pixels that take much of a bank are cut, since every element is worked on alone. */
    boolean isCut() {
        return !root().stiff && root().apart && !root().whole && root().blocks > ROW_WORDS;
    }

    /** True of a pixel that takes much of a bank. */
    static boolean isLargePixel(Tensor tensor) {
        return tensor.shape().elements() == tensor.shape().channels() && of(tensor).rowWords > ROW_WORDS;
    }

    /** These elements, which are worked on alone, in pixels of few channels: in whole blocks where that is possible. */
    static Shape cut(Shape shape) {
        int elements = shape.elements();
        int channels = largestDivisor(elements, MOST_CHANNELS, elements % 8 == 0 ? 8 : 1);
        int columns = largestDivisor(elements / channels, MOST_COLUMNS, elements / channels % 4 == 0 ? 4 : 1);
        return Shape.map(elements / channels / columns, columns, channels);
    }

    /** The largest divisor of {@code value} up to {@code most} that is a multiple of {@code unit}, which divides it. */
    private static int largestDivisor(int value, int most, int unit) {
        int divisor = most / unit * unit;
        while (value % divisor != 0) {
            divisor -= unit;
        }
        return divisor;
    }

    /** True when none of them has to stay as it is and one of them is straight and has so many pixels. */
    boolean isFolded(int pixels) {
        return !root().stiff && root().longest >= pixels;
    }

    /** True when none of them has to stay as it is and one of them has rows that take much of a bank. */
    boolean isWide() {
        return !root().stiff && root().rowWords > ROW_WORDS;
    }

    /** The most columns that all of these lines can be cut into, in whole words of four where that is possible. */
    int columns() {
        Line root = root();
        int best = 1;
        for (int columns = 2; columns <= MOST_COLUMNS && !root.tall; columns++) {
            boolean fits = root.common % columns == 0 && words(columns, root.blocks) <= ROW_WORDS;
            best = fits && (columns % 4 == 0 || best % 4 != 0) ? columns : best;
        }
        return best;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
