// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.exception.WindhoverException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WindhoverTest(device = "rtl:tiny", model = "zoo:lenet5")
class ModelOnDeviceTest {
    @Test
    void a_frame_is_exact_and_its_cycles_are_counted(ModelOnDevice lenet) {
        lenet.leavesNothingToTheHost();
        long cycles = lenet.profile().totalCycles();
        lenet.run(Inputs.random(7)).isBitExact().takesAtMost(cycles);
        AssertionError slow = assertThrows(
                AssertionError.class, () -> lenet.run(Inputs.random(7)).takesAtMost(cycles - 1));
        assertTrue(
                slow.getMessage()
                        .matches(
                                "A frame of model 'lenet5' takes [0-9,]+ cycles on rtl:tiny, and may take [0-9,]+; most go to .*"),
                slow.getMessage());
    }

    @Test
    void equal_frames_give_equal_bytes(ModelOnDevice lenet) {
        byte[] once = lenet.run(Inputs.random(3)).output(0);
        assertArrayEquals(once, lenet.run(Inputs.random(3)).output(0));
        byte[] given = new byte[lenet.model().image().bytes()];
        lenet.run(Inputs.bytes(given)).isBitExact();
    }

    @Test
    void what_is_wrong_is_said(ModelOnDevice lenet) {
        AssertionError other = assertThrows(
                AssertionError.class, () -> lenet.run(Inputs.random(1)).hasTop1("ostrich"));
        assertTrue(
                other.getMessage().startsWith("On the random frame of seed 1, model 'lenet5' says "),
                other.getMessage());
        assertTrue(other.getMessage().endsWith(", not 'ostrich'."), other.getMessage());
        assertEquals(
                "Model 'lenet5' takes 1 inputs, not 2; give the bytes of each.",
                assertThrows(IllegalArgumentException.class, () -> lenet.run(Inputs.bytes(new byte[1], new byte[1])))
                        .getMessage());
        String missing = assertThrows(IllegalArgumentException.class, () -> Inputs.image("no/where.jpg"))
                .getMessage();
        assertTrue(missing.startsWith("There is no file and no resource 'no/where.jpg'"), missing);
    }

    @Test
    void waveforms_are_called_after_the_test(ModelOnDevice lenet) {
        assertEquals(
                Path.of("target", "waves", "ModelOnDeviceTest.waveforms_are_called_after_the_test.fst")
                        .toAbsolutePath(),
                lenet.wave());
    }

    @Test
    void every_tensor_is_compared(ModelOnDevice lenet) {
        lenet.run(Inputs.random(5)).isBitExactThroughout();
    }

    @Test
    void memory_is_counted(ModelOnDevice lenet) {
        lenet.needsAtMost(1 << 20);
        String more = assertThrows(AssertionError.class, () -> lenet.needsAtMost(1000))
                .getMessage();
        assertTrue(
                more.matches("Model 'lenet5' needs [0-9,]+ bytes of device memory \\(.*\\), and may need 1,000."),
                more);
    }

    /** A blank image is of one class, whichever that is. */
    @Test
    void accuracy_is_measured_over_a_folder(ModelOnDevice lenet, @TempDir Path folder) throws IOException {
        Path blank = folder.resolve("blank.png");
        ImageIO.write(new BufferedImage(32, 32, BufferedImage.TYPE_BYTE_GRAY), "png", blank.toFile());
        int digit = IntStream.range(0, 10)
                .filter(each -> isTop1(lenet, blank, "class " + each))
                .findFirst()
                .orElseThrow();
        Path classes = folder.resolve("classes");
        for (int each = 0; each < 10; each++) {
            Path ofClass = Files.createDirectories(classes.resolve(Integer.toString(each)));
            if (each == digit || each == (digit + 1) % 10) {
                Files.copy(blank, ofClass.resolve("blank.png"));
            }
        }
        lenet.classifiesRight(0.5, classes.toString());
        String fewer = assertThrows(AssertionError.class, () -> lenet.classifiesRight(0.6, classes.toString()))
                .getMessage();
        assertEquals(
                "Model 'lenet5' classifies 50.00 % of the 2 images in " + classes + " right, and must 60.00 %.", fewer);
    }

    private static boolean isTop1(ModelOnDevice lenet, Path image, String label) {
        try {
            lenet.run(Inputs.image(image.toString())).hasTop1(label);
            return true;
        } catch (AssertionError other) {
            return false;
        }
    }

    @Test
    void a_baseline_is_written_when_asked_for_and_kept_otherwise(ModelOnDevice lenet, @TempDir Path folder)
            throws IOException {
        Path file = folder.resolve("windhover.json");
        String missing = assertThrows(AssertionError.class, () -> lenet.keepsBaseline(file.toString()))
                .getMessage();
        assertTrue(missing.endsWith("is missing or empty; -Dwindhover.update writes what is found into it."), missing);
        System.setProperty(ModelOnDevice.UPDATE, "");
        try {
            lenet.keepsBaseline(file.toString());
        } finally {
            System.clearProperty(ModelOnDevice.UPDATE);
        }
        lenet.keepsBaseline(file.toString());
        long cycles = lenet.profile().totalCycles();
        String text = Files.readString(file);
        Files.writeString(file, text.replace("\"cycles\": " + cycles, "\"cycles\": " + (cycles - 1)));
        String slower = assertThrows(AssertionError.class, () -> lenet.keepsBaseline(file.toString()))
                .getMessage();
        assertTrue(slower.contains("1 more than in the baseline"), slower);
    }

    @Test
    void the_reference_is_no_device() {
        assertTrue(assertThrows(
                        WindhoverException.class,
                        () -> ModelOnDevice.open("reference:", "zoo:lenet5").close())
                .getMessage()
                .endsWith("choose an rtl: or functional: device."));
    }
}
