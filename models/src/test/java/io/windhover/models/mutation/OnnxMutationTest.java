// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.mutation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.SharedData;
import io.windhover.models.onnx.LowBitNetworks;
import io.windhover.models.onnx.OnnxImporter;
import io.windhover.models.onnx.SmallNetworks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Damaged ONNX files, the open ones and small ones of every operator. */
class OnnxMutationTest {
    private static final long SEED = 20260103;
    private static final int MUTANTS_OF_SMALL_FILES = 1000;
    private static final int RUN = 64;

    private final Hammer hammer = new Hammer(SEED);

    private void strike(String name, byte[] original, int mutants) {
        hammer.strike(
                name,
                new Mutator(original, readable(original), SEED),
                mutants,
                bytes -> OnnxImporter.read(name, ByteBuffer.wrap(bytes)));
    }

    /** What can still be read must still run. */
    private void strikeAndRun(String name, byte[] original) {
        int[] run = new int[1];
        hammer.strike(
                name,
                new Mutator(original, readable(original), SEED),
                MUTANTS_OF_SMALL_FILES,
                bytes -> run[0] += Hammer.runs(OnnxImporter.read(name, ByteBuffer.wrap(bytes)), SEED, name) ? 1 : 0);
        assertTrue(run[0] > MUTANTS_OF_SMALL_FILES / 50, name + ": only " + run[0] + " mutants could be run");
    }

    @ParameterizedTest
    @EnumSource(SmallNetworks.class)
    void damaged_files_of_every_operator_are_read_or_refused(SmallNetworks kind) {
        strikeAndRun(kind.name(), kind.build(SEED).file());
    }

    @Test
    void damaged_files_of_every_quantised_form_are_read_or_refused() {
        byte[][] files = {
            LowBitNetworks.qdq(SEED, false).file(),
            LowBitNetworks.qdq(SEED, true).file(),
            LowBitNetworks.qLinear(SEED).file(),
            LowBitNetworks.oneBit(SEED, false).file(),
            LowBitNetworks.oneBit(SEED, true).file(),
            LowBitNetworks.fewBits(SEED).file()
        };
        for (int i = 0; i < files.length; i++) {
            strikeAndRun("quantised form " + i, files[i]);
        }
    }

    @ParameterizedTest
    @CsvSource({"mnist-conv, 600", "onnx2c_mnist_pytorch, 300", "qdq_resnet8_cifar10_int8, 300", "qonnx_TFC_1W1A, 300"})
    void damaged_open_files_are_read_or_refused(String model, int mutants) throws IOException {
        strike(model, Files.readAllBytes(SharedData.require("models/" + model + ".onnx")), mutants);
    }

    /** Positions near names: what lies far from any text is the contents of constants. */
    private static int[] readable(byte[] file) {
        int[] positions = new int[file.length];
        int count = 0;
        int lastText = -RUN;
        for (int i = 0; i < file.length; i++) {
            boolean text = i + 3 < file.length
                    && letter(file[i])
                    && letter(file[i + 1])
                    && letter(file[i + 2])
                    && letter(file[i + 3]);
            lastText = text ? i : lastText;
            if (i - lastText < RUN) {
                positions[count++] = i;
            }
        }
        return Arrays.copyOf(positions, count);
    }

    private static boolean letter(byte value) {
        return (value >= 'A' && value <= 'Z')
                || (value >= 'a' && value <= 'z')
                || value == '_'
                || (value >= '0' && value <= '9');
    }
}
