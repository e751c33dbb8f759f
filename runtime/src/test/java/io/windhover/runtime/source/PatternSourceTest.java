// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.image.ImageDecoder;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternSourceTest {
    private static FrameSource open(double framesPerSecond) {
        return Sources.open(new SourceSettings.Pattern(320, 240, framesPerSecond), new ImageDecoder());
    }

    @Test
    void frames_are_the_same_at_every_start_and_move() throws Exception {
        try (FrameSource first = open(1000);
                FrameSource second = open(1000)) {
            byte[] before = {};
            for (int frame = 0; frame < 20; frame++) {
                SourceFrame mine = first.next();
                byte[] samples =
                        ((SourceFrame.Content.Picture) mine.content()).pixels().samples();
                SourceFrame other = second.next();
                assertEquals("frame " + frame, mine.name());
                assertArrayEquals(
                        samples,
                        ((SourceFrame.Content.Picture) other.content()).pixels().samples());
                assertFalse(Arrays.equals(before, samples));
                before = samples;
            }
        }
    }

    /** A change of the drawing changes what a node publishes by default. */
    @Test
    void the_drawing_stays_as_it_is() {
        assertEquals(
                -902_987_594,
                Arrays.hashCode(new TestPattern(320, 240).draw(1234).samples()));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 100", "100, 1", "2, 2", "7, 3", "64, 64", "8192, 2"})
    void every_size_and_number_can_be_drawn(int width, int height) {
        TestPattern pattern = new TestPattern(width, height);
        for (long number : new long[] {0, 1, 9, 10, 99, 12_345, 1L << 40}) {
            assertEquals(width * height * 3, pattern.draw(number).samples().length);
        }
    }

    @Test
    void a_frame_is_drawn_within_a_millisecond() {
        TestPattern pattern = new TestPattern(320, 240);
        long least = Long.MAX_VALUE;
        for (int number = 0; number < 2_000; number++) {
            long start = System.nanoTime();
            pattern.draw(number);
            least = Math.min(least, System.nanoTime() - start);
        }
        assertTrue(least < 1_000_000, least + " ns");
    }

    @Test
    void waiting_ends_at_once() throws Exception {
        Set<String> before = Waiting.threads();
        FrameSource source = open(0.001);
        Waiting.next(source);
        Waiting.endsAtOnce(source, before);
    }
}
