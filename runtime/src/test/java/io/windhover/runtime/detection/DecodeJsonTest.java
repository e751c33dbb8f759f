// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.detection.Decode.Activation;
import io.windhover.runtime.detection.Decode.Coordinates;
import io.windhover.runtime.detection.Decode.Kind;
import io.windhover.runtime.exception.WindhoverException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecodeJsonTest {
    private static Decode read(String text) {
        return DecodeJson.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void what_is_written_is_read_again() {
        Decode ssd = new Decode(
                Kind.SSD,
                null,
                Activation.SIGMOID,
                false,
                new float[] {1, 2, 3, 4},
                new float[] {0.5f, 0.25f, 0.1f, 1 / 3f},
                0.3,
                0.7,
                12);
        Decode read = DecodeJson.read(DecodeJson.write(ssd));
        assertArrayEquals(ssd.scales(), read.scales());
        assertArrayEquals(ssd.priors(), read.priors());
        assertEquals(ssd.summary(), read.summary());
        assertEquals(ssd.background(), read.background());
        Decode yolo = Decode.of(Kind.YOLOV5).with(Coordinates.PIXELS);
        assertEquals(yolo.summary(), DecodeJson.read(DecodeJson.write(yolo)).summary());
    }

    @Test
    void what_is_left_out_is_as_usual() {
        assertEquals(
                "yolov8, minimum score 0.25, iou 0.45, at most 100 boxes",
                read("{\"version\": 1, \"kind\": \"yolov8\"}").summary());
    }

    /** The 1,917 boxes of SSD MobileNet at 300 x 300; the first and last ones as its own generator has them. */
    @Test
    void priors_are_laid_out_from_their_maps() {
        Decode decode =
                read("{\"version\": 1, \"kind\": \"ssd\", \"priors\": {\"maps\": [[19, 19], [10, 10], [5, 5], [3, 3], "
                        + "[2, 2], [1, 1]]}}");
        float[] priors = decode.priors();
        assertEquals(1917 * 4, priors.length);
        float[] first = {0.5f / 19, 0.5f / 19, 0.1f, 0.1f, 0.5f / 19, 0.5f / 19, 0.14142136f, 0.28284273f};
        for (int i = 0; i < first.length; i++) {
            assertEquals(first[i], priors[i], 1e-6f, "element " + i);
        }
        float[] last = {0.5f, 0.5f, 0.9746794f, 0.9746794f};
        for (int i = 0; i < 4; i++) {
            assertEquals(last[i], priors[priors.length - 4 + i], 1e-6f, "element " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{}",
                "{\"version\": 2, \"kind\": \"ssd\"}",
                "{\"version\": 1}",
                "{\"kind\": \"ssd\"}",
                "{\"version\": 1, \"kind\": \"yolov9\"}",
                "{\"version\": 1, \"kind\": 8}",
                "{\"version\": 1, \"kind\": \"ssd\", \"anchors\": []}",
                "{\"version\": 1, \"kind\": \"ssd\", \"kind\": \"fomo\"}",
                "{\"version\": 1, \"kind\": \"ssd\"} {}",
                "{\"version\": 1, \"kind\": \"ssd\", \"iou\": 1.5}",
                "{\"version\": 1, \"kind\": \"ssd\", \"iou\": NaN}",
                "{\"version\": 1, \"kind\": \"ssd\", \"iou\": \"0.5\"}",
                "{\"version\": 1, \"kind\": \"ssd\", \"count\": 0}",
                "{\"version\": 1, \"kind\": \"ssd\", \"count\": 1.5}",
                "{\"version\": 1, \"kind\": \"ssd\", \"count\": 1e99}",
                "{\"version\": 1, \"kind\": \"ssd\", \"background\": 1}",
                "{\"version\": 1, \"kind\": \"ssd\", \"scales\": [1, 2, 3]}",
                "{\"version\": 1, \"kind\": \"ssd\", \"scales\": [1, 2, 3, 0]}",
                "{\"version\": 1, \"kind\": \"ssd\", \"priors\": []}",
                "{\"version\": 1, \"kind\": \"ssd\", \"priors\": [0.5, 0.5, 0.1]}",
                "{\"version\": 1, \"kind\": \"ssd\", \"priors\": [0.5, 0.5, 0.1, 0]}",
                "{\"version\": 1, \"kind\": \"ssd\", \"priors\": {\"maps\": [[1, 1]]}}",
                "{\"version\": 1, \"kind\": \"ssd\", \"priors\": {\"maps\": [[999999, 999999], [1, 1]]}}",
                "{\"version\": 1, \"kind\": \"ssd\", \"priors\": {\"maps\": [[2, 2], [1]]}}",
                "{\"version\": 1, \"kind\": \"ssd\", \"priors\": true}",
            })
    void mistakes_are_refused_in_a_sentence(String text) {
        String said = assertThrows(WindhoverException.class, () -> read(text)).getMessage();
        assertTrue(said.contains("decode description") && said.endsWith("."), said);
    }

    @Test
    void nothing_that_strangers_write_breaks_it() {
        byte[] whole = DecodeJson.write(Decode.of(Kind.SSD).withPriors(new float[] {0.5f, 0.5f, 0.1f, 0.1f}));
        Random random = new Random(7);
        int refused = 0;
        for (int round = 0; round < 5000; round++) {
            byte[] text = whole.clone();
            for (int change = 0; change <= random.nextInt(4); change++) {
                text[random.nextInt(text.length)] = (byte) random.nextInt(256);
            }
            try {
                DecodeJson.read(text);
            } catch (WindhoverException wrong) {
                refused++;
            }
        }
        assertTrue(refused > 3000, refused + " refused");
    }
}
