// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import io.windhover.runtime.image.Pixels;

/** Bars of eight colours that move to the left, a yellow disc that bounces, and the frame's number. */
final class TestPattern {
    private static final int CHANNELS = 3;
    private static final int BARS = 8;
    private static final int BAR_LEVEL = 160;
    private static final int BAR_STEP = 2;
    private static final int DISC_STEP_X = 3;
    private static final int DISC_STEP_Y = 2;
    private static final int[] BLACK = {0, 0, 0};
    private static final int[] WHITE = {255, 255, 255};
    private static final int[] YELLOW = {255, 220, 0};

    private static final int DIGIT_WIDTH = 3;
    private static final int DIGIT_HEIGHT = 5;
    /** Three blocks a row, five rows, the highest bit first. */
    private static final int[] DIGITS = {
        0b111_101_101_101_111,
        0b010_110_010_010_111,
        0b111_001_111_100_111,
        0b111_001_111_001_111,
        0b101_101_111_001_001,
        0b111_100_111_001_111,
        0b111_100_111_101_111,
        0b111_001_010_010_010,
        0b111_101_111_101_111,
        0b111_101_111_001_111,
    };

    private final int width;
    private final int height;
    private final byte[] discRow;

    TestPattern(int width, int height) {
        this.width = width;
        this.height = height;
        this.discRow = new byte[width * CHANNELS];
        fill(discRow, 0, 0, width, 1, YELLOW);
    }

    /** The same pixels for the same number, at every start and on every machine. */
    Pixels draw(long number) {
        byte[] samples = new byte[Math.multiplyExact(width * CHANNELS, height)];
        drawBars(samples, number);
        drawDisc(samples, number);
        drawNumber(samples, number);
        return new Pixels(width, height, CHANNELS, samples);
    }

    private void drawBars(byte[] samples, long number) {
        int shift = (int) (number * BAR_STEP % width);
        for (int x = 0; x < width; x++) {
            int bar = (x + shift) % width * BARS / width;
            for (int channel = 0; channel < CHANNELS; channel++) {
                samples[x * CHANNELS + channel] = (byte) ((bar >> channel & 1) * BAR_LEVEL);
            }
        }
        int row = width * CHANNELS;
        for (int y = 1; y < height; y++) {
            System.arraycopy(samples, 0, samples, y * row, row);
        }
    }

    private void drawDisc(byte[] samples, long number) {
        int radius = Math.max(1, Math.min(width, height) / 6);
        int centreX = bounce(number * DISC_STEP_X, width);
        int centreY = bounce(number * DISC_STEP_Y, height);
        for (int y = Math.max(0, centreY - radius); y <= Math.min(height - 1, centreY + radius); y++) {
            int half = (int) Math.sqrt((double) radius * radius - (double) (y - centreY) * (y - centreY));
            int left = Math.max(0, centreX - half);
            int right = Math.min(width - 1, centreX + half);
            System.arraycopy(discRow, 0, samples, (y * width + left) * CHANNELS, (right - left + 1) * CHANNELS);
        }
    }

    /** 0 to size - 1 and back, without end. */
    private static int bounce(long way, int size) {
        int last = Math.max(1, size - 1);
        int turn = (int) (way % (2L * last));
        return Math.min(turn <= last ? turn : 2 * last - turn, size - 1);
    }

    private void drawNumber(byte[] samples, long number) {
        String digits = String.valueOf(number);
        int block = Math.max(1, height / 40);
        int advance = (DIGIT_WIDTH + 1) * block;
        fill(samples, 0, 0, digits.length() * advance + block, (DIGIT_HEIGHT + 2) * block, BLACK);
        for (int place = 0; place < digits.length(); place++) {
            drawDigit(samples, DIGITS[digits.charAt(place) - '0'], block + place * advance, block);
        }
    }

    private void drawDigit(byte[] samples, int blocks, int left, int block) {
        for (int place = 0; place < DIGIT_WIDTH * DIGIT_HEIGHT; place++) {
            if ((blocks >> (DIGIT_WIDTH * DIGIT_HEIGHT - 1 - place) & 1) != 0) {
                int x = left + place % DIGIT_WIDTH * block;
                fill(samples, x, (1 + place / DIGIT_WIDTH) * block, block, block, WHITE);
            }
        }
    }

    /** A rectangle, or what of it lies within the samples. */
    private void fill(byte[] samples, int left, int top, int columns, int rows, int[] colour) {
        int bottom = Math.min(samples.length / (width * CHANNELS), top + rows);
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < Math.min(width, left + columns); x++) {
                for (int channel = 0; channel < CHANNELS; channel++) {
                    samples[(y * width + x) * CHANNELS + channel] = (byte) colour[channel];
                }
            }
        }
    }
}
