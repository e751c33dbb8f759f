// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.dataset.BoxFolder.Truth;
import io.windhover.runtime.detection.Box;
import io.windhover.runtime.detection.Detection;
import java.util.List;
import org.junit.jupiter.api.Test;

class AveragePrecisionTest {
    private static Detection found(double score, double x) {
        return new Detection("cat", 0, score, new Box(x, 0, 10, 10));
    }

    private static Truth truth(double x) {
        return new Truth("cat", new Box(x, 0, 10, 10));
    }

    @Test
    void finding_everything_first_is_all() {
        AveragePrecision precision = new AveragePrecision();
        precision.add(List.of(found(0.9, 0), found(0.8, 50), found(0.1, 90)), List.of(truth(1), truth(50)));
        precision.add(List.of(found(0.7, 20)), List.of(truth(20)));
        assertEquals(3, precision.things());
        assertEquals(1, precision.at(0.5), 1e-12);
        assertEquals(67 * (2 / 3.0) / 101, precision.at(0.95), 1e-12, "the first overlaps by 0.82 only");
    }

    /** Right, wrong, right of four things: precision 1 to recall 0.25, 2/3 to 0.5, none beyond. */
    @Test
    void the_mean_is_over_a_hundred_and_one_recalls() {
        AveragePrecision precision = new AveragePrecision();
        precision.add(
                List.of(found(0.9, 0), found(0.8, 500), found(0.7, 100)),
                List.of(truth(0), truth(100), truth(200), truth(300)));
        assertEquals((26 + 25 * 2 / 3.0) / 101, precision.at(0.5), 1e-12);
    }

    @Test
    void a_thing_is_found_once() {
        AveragePrecision precision = new AveragePrecision();
        precision.add(List.of(found(0.9, 0), found(0.8, 1)), List.of(truth(0), truth(80)));
        assertEquals(51 / 101.0, precision.at(0.5), 1e-12);
        assertTrue(Double.isNaN(new AveragePrecision().at(0.5)));
    }
}
