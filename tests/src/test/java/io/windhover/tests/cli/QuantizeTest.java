// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Quantization;
import io.windhover.runtime.Limits;
import io.windhover.runtime.model.ModelLoader;
import io.windhover.tests.conformance.Golden;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From a float file to an int8 one by the command line; where the same network was published as int8, ours must be as
 * good. What is calibrated with is not measured with.
 */
class QuantizeTest {
    private static final double HALF_POINT = 0.005;
    private static final float FEATURE_SCALE = 0.5847029f;
    private static final int FEATURE_ZERO_POINT = 83;
    private static final int WINDOW_BYTES = 49 * 10;
    private static final int CALIBRATION_WINDOWS = 60;

    @TempDir
    private Path folder;

    @Test
    @Simulated("functional:")
    void resnet8_is_not_half_a_point_less_accurate_than_the_published_int8_file() {
        String data = Golden.require("cifar10").toString();
        Path ours = folder.resolve("resnet8.whm");
        JsonObject report = json(
                "quantize",
                Golden.model("resnet8_cifar10_float").toString(),
                "--calibrate",
                "cifar10:" + data + ":train",
                "--preprocess",
                "none",
                "--limit",
                "40",
                "-o",
                ours.toString(),
                "--json");
        assertEquals(40, report.get("inputs").getAsInt());
        assertTrue(report.get("top1_agreement").getAsDouble() >= 0.9, report.toString());
        assertTrue(report.get("snr_db").getAsDouble() > 20, report.toString());
        for (JsonElement layer : report.getAsJsonArray("layers")) {
            JsonElement decibels = layer.getAsJsonObject().get("snr_db");
            assertTrue(decibels == null || decibels.isJsonNull() || decibels.getAsDouble() > 15, layer.toString());
        }
        compare(
                report,
                top1(ours.toString(), "cifar10:" + data, 1500),
                top1(Golden.model("resnet8_cifar10_int8").toString(), "cifar10:" + data, 1500));
    }

    @Test
    @Simulated("functional:")
    void keyword_spotting_is_not_half_a_point_less_accurate_than_the_published_int8_file() throws IOException {
        byte[] windows = Files.readAllBytes(Golden.require("kws/kws01_1000x49x10_i8.bin"));
        byte[] labels = Files.readAllBytes(Golden.require("kws/kws01_labels_u8.bin"));
        Path calibration = Files.createDirectory(folder.resolve("features"));
        for (int window = 0; window < CALIBRATION_WINDOWS; window++) {
            ByteBuffer floats = ByteBuffer.allocate(WINDOW_BYTES * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < WINDOW_BYTES; i++) {
                floats.putFloat(feature(windows[window * WINDOW_BYTES + i]));
            }
            Files.write(calibration.resolve(String.format("%03d.bin", window)), floats.array());
        }
        Path ours = folder.resolve("kws.whm");
        JsonObject report = json(
                "quantize",
                Golden.model("kws_ref_model_float32").toString(),
                "--calibrate",
                calibration.toString(),
                "-o",
                ours.toString(),
                "--json");
        byte[] unseen = Arrays.copyOfRange(windows, CALIBRATION_WINDOWS * WINDOW_BYTES, windows.length);
        Path classes = Files.write(
                folder.resolve("labels.bin"), Arrays.copyOfRange(labels, CALIBRATION_WINDOWS, labels.length));
        Path theirCodes = Files.write(folder.resolve("published.bin"), unseen);
        Path ourCodes = Files.write(
                folder.resolve("ours.bin"),
                recoded(
                        unseen,
                        new ModelLoader(Limits.DEFAULT.modelBytes())
                                .load(ours.toString())
                                .graph()));
        int count = labels.length - CALIBRATION_WINDOWS;
        compare(
                report,
                top1(ours.toString(), "raw:" + ourCodes + ":" + classes, count),
                top1(Golden.model("kws_ref_model_int8").toString(), "raw:" + theirCodes + ":" + classes, count));
    }

    private static float feature(byte code) {
        return (code - FEATURE_ZERO_POINT) * FEATURE_SCALE;
    }

    /** The features as codes of a network's own input. */
    private static byte[] recoded(byte[] windows, Graph graph) {
        Quantization quantization = graph.tensor(graph.inputs()[0]).requireQuantization();
        byte[] codes = new byte[windows.length];
        for (int i = 0; i < codes.length; i++) {
            long code = Math.round((double) feature(windows[i]) / quantization.scale()) + quantization.zeroPoint();
            codes[i] = (byte) Math.max(-128, Math.min(127, code));
        }
        return codes;
    }

    private static double top1(String model, String dataset, int limit) {
        return json("evaluate", model, "--dataset", dataset, "--limit", String.valueOf(limit), "--json")
                .get("top1")
                .getAsDouble();
    }

    private static JsonObject json(String... arguments) {
        return JsonParser.parseString(CommandLineRun.of(arguments).succeeded().output())
                .getAsJsonObject();
    }

    private static void compare(JsonObject report, double ours, double published) {
        String figures = String.format(
                "%s: top-1 %.2f %% against %.2f %% as published; agreement %.1f %%, scores %.1f dB, kept %s",
                report.get("model").getAsString(),
                ours * 100,
                published * 100,
                report.get("top1_agreement").getAsDouble() * 100,
                report.get("snr_db").getAsDouble(),
                report.get("techniques"));
        System.out.println(figures);
        assertTrue(ours >= published - HALF_POINT, figures);
    }
}
