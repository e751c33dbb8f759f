// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import io.windhover.runtime.image.Pixels;
import java.util.List;
import java.util.Locale;

/** Boxes with their labels and scores on a copy of a picture; a colour for each class. */
public final class Drawing {
    private static final int[] COLOURS = {
        0xe6194b, 0x3cb44b, 0x4363d8, 0xf58231, 0x911eb4, 0x46f0f0, 0xffe119, 0xf032e6, 0x008080, 0x9a6324
    };
    private static final int CHANNELS = 3;
    /** Sides of a picture for each pixel that lines and dots of letters are wide. */
    private static final int LINE_SHARE = 240;

    private static final int DOT_SHARE = 360;
    private static final int BRIGHT = 140;
    private static final int LONGEST_LABEL = 40;

    private final int width;
    private final int height;
    private final byte[] samples;
    private final int line;
    private final int dot;

    private Drawing(Pixels picture) {
        this.width = picture.width();
        this.height = picture.height();
        this.samples = colours(picture);
        int side = Math.min(width, height);
        this.line = Math.max(1, side / LINE_SHARE);
        this.dot = Math.max(1, side / DOT_SHARE);
    }

    private static byte[] colours(Pixels picture) {
        if (picture.channels() == CHANNELS) {
            return picture.samples().clone();
        }
        byte[] all = new byte[picture.samples().length * CHANNELS];
        for (int i = 0; i < all.length; i++) {
            all[i] = picture.samples()[i / CHANNELS];
        }
        return all;
    }

    /** The colour of a class, red in bits 16 to 23, green, blue. */
    public static int colour(int index) {
        return COLOURS[index % COLOURS.length];
    }

    /** A picture of three channels; the best box is drawn last, on top. */
    public static Pixels draw(Pixels picture, List<Detection> found) {
        Drawing drawing = new Drawing(picture);
        for (int i = found.size() - 1; i >= 0; i--) {
            drawing.frame(found.get(i));
        }
        for (int i = found.size() - 1; i >= 0; i--) {
            drawing.label(found.get(i));
        }
        return new Pixels(drawing.width, drawing.height, CHANNELS, drawing.samples);
    }

    private static int round(double pixel) {
        return (int) Math.round(pixel);
    }

    private void frame(Detection one) {
        int left = round(one.box().x());
        int top = round(one.box().y());
        int right = Math.max(left + 1, round(one.box().x() + one.box().width()));
        int bottom = Math.max(top + 1, round(one.box().y() + one.box().height()));
        int colour = colour(one.index());
        fill(left, top, right, Math.min(bottom, top + line), colour);
        fill(left, Math.max(top, bottom - line), right, bottom, colour);
        fill(left, top, Math.min(right, left + line), bottom, colour);
        fill(Math.max(left, right - line), top, right, bottom, colour);
    }

    private void label(Detection one) {
        String name = one.label().length() > LONGEST_LABEL ? one.label().substring(0, LONGEST_LABEL) : one.label();
        String text = String.format(Locale.ROOT, "%s %.0f%%", name, one.score() * 100);
        int[] characters = text.codePoints().toArray();
        int wide = (characters.length * (Letters.WIDTH + 1) + 1) * dot;
        int high = (Letters.HEIGHT + 2) * dot;
        int left = Math.max(0, Math.min(round(one.box().x()), width - wide));
        int above = round(one.box().y()) - high;
        int top = Math.max(0, Math.min(above < 0 ? round(one.box().y()) : above, height - high));
        int ground = colour(one.index());
        int ink = brightness(ground) > BRIGHT ? 0 : 0xffffff;
        fill(left, top, left + wide, top + high, ground);
        for (int i = 0; i < characters.length; i++) {
            write(characters[i], left + dot + i * (Letters.WIDTH + 1) * dot, top + dot, ink);
        }
    }

    private static int brightness(int colour) {
        return ((colour >> 16 & 255) * 299 + (colour >> 8 & 255) * 587 + (colour & 255) * 114) / 1000;
    }

    private void write(int character, int left, int top, int colour) {
        for (int row = 0; row < Letters.HEIGHT; row++) {
            for (int column = 0; column < Letters.WIDTH; column++) {
                if (Letters.dot(character, column, row)) {
                    int x = left + column * dot;
                    int y = top + row * dot;
                    fill(x, y, x + dot, y + dot, colour);
                }
            }
        }
    }

    private void fill(int left, int top, int right, int bottom, int colour) {
        for (int y = Math.max(0, top); y < Math.min(height, bottom); y++) {
            for (int x = Math.max(0, left); x < Math.min(width, right); x++) {
                int at = (y * width + x) * CHANNELS;
                samples[at] = (byte) (colour >> 16);
                samples[at + 1] = (byte) (colour >> 8);
                samples[at + 2] = (byte) colour;
            }
        }
    }
}
