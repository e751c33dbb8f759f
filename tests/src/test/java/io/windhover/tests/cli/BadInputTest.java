// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong: one sentence with what, where and what to do, the right exit code, and nothing half-written. */
class BadInputTest {
    private static final String REFERENCE = "--device=reference:";

    @TempDir
    Path folder;

    private Path image;
    private Path compiled;

    @BeforeEach
    void write_good_files() throws IOException {
        java.awt.image.BufferedImage picture =
                new java.awt.image.BufferedImage(40, 30, java.awt.image.BufferedImage.TYPE_INT_RGB);
        image = folder.resolve("good.png");
        javax.imageio.ImageIO.write(picture, "png", image.toFile());
        compiled = folder.resolve("good.whm");
        CommandLineRun.of("compile", "zoo:lenet5", "-o", compiled.toString(), "--config", "tiny")
                .succeeded();
    }

    private Path file(String name, byte[] contents) throws IOException {
        return Files.write(folder.resolve(name), contents);
    }

    private static CommandLineRun run(Object... arguments) {
        return CommandLineRun.of(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    }

    @Test
    void a_model_that_is_not_there() {
        run("run", folder.resolve("absent.tflite"), image, REFERENCE).failed(1, "absent.tflite", "zoo:NAME");
    }

    @Test
    void a_name_the_zoo_does_not_know() {
        run("run", "zoo:ostrich", image, REFERENCE).failed(1, "ostrich", "./windhover models");
        run("inspect", "zoo:mobilenet_v3")
                .failed(
                        1,
                        "'mobilenet_v3'",
                        "did you mean mobilenet_v3_large or mobilenet_v3_small",
                        "./windhover models");
        run("inspect", "zoo:LeNet5").failed(1, "'LeNet5'", "did you mean lenet5?");
    }

    @Test
    void a_model_that_is_something_else() {
        run("inspect", image).failed(1, "good.png", "TensorFlow Lite");
    }

    @Test
    void an_empty_model() throws IOException {
        for (String name : List.of("empty.tflite", "empty.onnx", "empty.whm")) {
            Path empty = file(name, new byte[0]);
            for (CommandLineRun run : List.of(
                    run("inspect", empty),
                    run("run", empty, image, REFERENCE),
                    run("profile", empty),
                    run("compile", empty, "-o", folder.resolve("x.whm")))) {
                run.failed(1, name + "' is empty");
            }
        }
    }

    @Test
    void the_highest_limits_are_no_limits() throws IOException {
        Path large = file("large.png", Arrays.copyOf(Files.readAllBytes(image), 17 << 20));
        run("run", "zoo:lenet5", large, REFERENCE, "--image-pixels", Long.MAX_VALUE, "--model-bytes", Long.MAX_VALUE)
                .succeeded();
    }

    @Test
    void a_directory_as_model() {
        run("inspect", folder).failed(1, folder.toString(), "no BNN-PYNQ parameters");
    }

    @Test
    void no_name_at_all() {
        run("inspect", "").failed(1, "no model file ''");
        run("evaluate", "zoo:lenet5", "--dataset", "folder:", REFERENCE).failed(1, "'folder:' is not a data set");
        run("quantize", "zoo:lenet5", "--calibrate", "", "-o", folder.resolve("x.whm"))
                .failed(1);
    }

    @Test
    void links_that_lead_nowhere_and_files_without_an_end() throws IOException {
        Path loop = folder.resolve("loop.onnx");
        Files.createSymbolicLink(loop, folder.resolve("loop2.onnx"));
        Files.createSymbolicLink(folder.resolve("loop2.onnx"), loop);
        run("inspect", loop).failed(1, "loop.onnx");
        run("inspect", "/dev/zero").failed(1, "/dev/zero");
        Path sparse = folder.resolve("sparse.onnx");
        try (java.io.RandomAccessFile file = new java.io.RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(20L << 30);
        }
        run("inspect", sparse).failed(1, "sparse.onnx", "--model-bytes");
    }

    @Test
    void a_compiled_model_cut_short() throws IOException {
        byte[] whole = Files.readAllBytes(compiled);
        for (int bytes : new int[] {5, 31, 100, whole.length / 2, whole.length - 1}) {
            run("run", file("cut.whm", Arrays.copyOf(whole, bytes)), image, REFERENCE)
                    .failed(1, "cut.whm");
        }
    }

    @Test
    void a_compiled_model_with_a_flipped_bit() throws IOException {
        long seed = 20260102;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] whole = Files.readAllBytes(compiled);
        for (int mutant = 0; mutant < 40; mutant++) {
            byte[] damaged = whole.clone();
            int bit = random.nextInt(200 * 8);
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            CommandLineRun result = run("inspect", file("flipped.whm", damaged));
            if (result.exitCode() != 0) {
                result.failed(1, "flipped.whm");
            }
        }
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 1;
        run("inspect", file("flipped.whm", damaged)).failed(1, "flipped.whm", "checksum");
    }

    @Test
    void a_tensorflow_file_cut_short() throws IOException {
        byte[] start = {0x1C, 0, 0, 0, 'T', 'F', 'L', '3', 0, 0};
        run("run", file("cut.tflite", start), image, REFERENCE).failed(1, "cut.tflite");
    }

    @Test
    void a_model_over_the_limit() {
        run("inspect", compiled, "--model-bytes", "1000").failed(1, "good.whm", "1000");
    }

    @Test
    void an_image_that_is_not_one() throws IOException {
        run("run", "zoo:lenet5", file("text.png", "hello".getBytes(StandardCharsets.UTF_8)), REFERENCE)
                .failed(1, "text.png", "not an image");
    }

    @Test
    void an_image_cut_short() throws IOException {
        byte[] whole = Files.readAllBytes(image);
        run("run", "zoo:lenet5", file("cut.png", Arrays.copyOf(whole, whole.length / 2)), REFERENCE)
                .failed(1, "cut.png");
    }

    @Test
    void an_image_that_is_not_there() {
        run("run", "zoo:lenet5", folder.resolve("absent.png"), REFERENCE).failed(1, "There is no image", "absent.png");
        CommandLineRun json = run("run", "zoo:lenet5", folder.resolve("absent.png"), REFERENCE, "--json");
        assertTrue(
                json.exitCode() == 1 && json.output().contains("\"error\": \"There is no image"),
                json.output() + json.errors());
    }

    @Test
    void options_that_no_frame_could_run_with() throws IOException {
        run("run", "zoo:lenet5", image, REFERENCE, "--timeout", "0")
                .failed(2, "'--timeout': '0' is not a whole number from 1 to 2147483647");
        run("run", "zoo:lenet5", image, REFERENCE, "--preprocess", "1e30,1").failed(1, "mean of 1.0E30");
        run("run", "zoo:lenet5", image, REFERENCE, "--preprocess", "0,1e-30").failed(1, "deviation of 1.0E-30");
        run("run", "zoo:lenet5", image, REFERENCE, "--preprocess", "0,Infinity").failed(1, "deviation of Infinity");
    }

    @Test
    void numbers_out_of_range_name_their_option() {
        String[][] wrong = {
            {"--image-pixels", "-5"},
            {"--model-bytes", "0"},
            {"--timeout", "-1"},
            {"--top", "0"},
            {"--mqtt-wait", "-1"},
            {"--mqtt-payload-bytes", "0"},
            {"--top", "3000000000"},
            {"--top", "one"}
        };
        for (String[] option : wrong) {
            run("run", "zoo:lenet5", image, REFERENCE, option[0], option[1])
                    .failed(2, "'" + option[0] + "'", "'" + option[1] + "' is not a whole number from");
        }
        run("profile", "zoo:lenet5", "--frames", "0").failed(2, "'--frames'");
        run("evaluate", "zoo:lenet5", "--dataset", "x", "--limit", "0").failed(2, "'--limit'");
        run("quantize", "zoo:lenet5", "--calibrate", "x", "-o", "y", "--limit", "0")
                .failed(2, "'--limit'");
    }

    @Test
    void models_that_are_neither_files_nor_folders() {
        run("inspect", "/dev/null").failed(1, "'/dev/null' is neither a file nor a folder");
    }

    @Test
    void devices_that_do_not_exist_are_refused_with_those_that_do() {
        for (String device : new String[] {"rtl:nope", "functional:nope", "nope:", "nope"}) {
            run("run", "zoo:lenet5", image, "--device", device)
                    .failed(1, device.replace("functional:", ""), "rtl:zynq7020", "functional:tiny", "reference:");
        }
    }

    @Test
    @Timeout(60)
    void a_pipe_that_nobody_writes_to() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe.png");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        run("run", "zoo:lenet5", pipe, REFERENCE).failed(1, "pipe.png' is a pipe or a device");
    }

    @Test
    void images_among_tensor_bytes() throws IOException {
        run("run", "zoo:lenet5", image, "--raw", file("raw.bin", new byte[784]), REFERENCE)
                .failed(2, "--raw takes tensor bytes", "good.png");
    }

    @Test
    void labels_that_are_not_there() {
        run("run", "zoo:lenet5", image, REFERENCE, "--labels", "/nope").failed(1, "There is no file of labels '/nope'");
    }

    @Test
    void labels_that_are_no_names() throws IOException {
        run("run", "zoo:lenet5", image, REFERENCE, "--labels", "/dev/null")
                .failed(1, "'/dev/null' is no file of labels");
        run("run", "zoo:lenet5", image, REFERENCE, "--labels", file("latin.txt", new byte[] {'a', (byte) 0xE9, '\n'}))
                .failed(1, "latin.txt", "not UTF-8");
        byte[] gap = "a\nb\n\nd\ne\nf\ng\nh\ni\nj\n".getBytes(StandardCharsets.UTF_8);
        run("run", "zoo:lenet5", image, REFERENCE, "--labels", file("gap.txt", gap))
                .failed(1, "gap.txt", "no name on line 3");
    }

    @Test
    void a_url_that_stands_where_images_do() {
        CommandLineRun one = run("run", "zoo:lenet5", "mqtt://u:s3cret@h", REFERENCE, "--json");
        assertFalse((one.output() + one.errors()).contains("s3cret"), one.output() + one.errors());
        CommandLineRun two = run("run", "zoo:lenet5", "mqtt://u:s3cret@h", image, REFERENCE);
        assertFalse((two.output() + two.errors()).contains("s3cret"), two.output() + two.errors());
    }

    @Test
    void what_means_nothing_without_a_broker() {
        run("run", "zoo:lenet5", image, REFERENCE, "--mqtt-stream", "x").failed(2, "--mqtt-stream needs --mqtt");
    }

    @Test
    void a_verb_that_does_not_exist() {
        run("foo").failed(2, "there is no verb 'foo'", "--help");
        run("foo", "--help").failed(2, "there is no verb 'foo'", "--help");
    }

    @Test
    void an_output_that_can_have_no_name() {
        run("compile", "zoo:lenet5", "-o", "").failed(1, "it has no name");
        run("compile", "zoo:lenet5", "-o", folder.resolve("x".repeat(260))).failed(1, "more than 255 bytes");
    }

    @Test
    void an_image_over_the_limit() {
        run("run", "zoo:lenet5", image, REFERENCE, "--image-pixels", "100").failed(1, "40 x 30", "100");
    }

    @Test
    void a_tensor_of_the_wrong_size_leaves_nothing_behind() throws IOException {
        Path dump = folder.resolve("dump");
        run("run", "zoo:lenet5", "--raw", file("short.bin", new byte[10]), "--dump", dump, REFERENCE)
                .failed(1, "short.bin", "784", "10");
        assertFalse(Files.exists(dump));
    }

    @Test
    void more_tensors_than_the_model_has_inputs() throws IOException {
        Path raw = file("right.bin", new byte[784]);
        run("run", "zoo:lenet5", "--raw", raw, "--raw", raw, REFERENCE).failed(1, "1 input", "2");
    }

    @Test
    void a_dump_where_a_file_is() throws IOException {
        Path raw = file("right.bin", new byte[784]);
        run("run", "zoo:lenet5", "--raw", raw, "--dump", file("taken", new byte[1]), REFERENCE)
                .failed(1, "taken");
    }

    @Test
    void an_output_that_cannot_be_written_leaves_nothing_behind() throws IOException {
        run("compile", "zoo:lenet5", "-o", folder.resolve("absent/model.whm")).failed(1, "absent");
        run("compile", "zoo:lenet5", "-o", folder).failed(1, folder.toString());
        try (var files = Files.list(folder)) {
            assertTrue(files.noneMatch(path -> path.toString().endsWith(".part")));
        }
    }

    @Test
    void an_output_replaces_no_link_no_pipe_no_device_and_none_of_its_inputs() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link.whm"), image);
        Path pipe = folder.resolve("pipe.whm");
        assertTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
        byte[] model = Files.readAllBytes(compiled);
        byte[] picture = Files.readAllBytes(image);
        run("compile", "zoo:lenet5", "-o", link).failed(1, "link.whm", "symbolic link");
        run("compile", "zoo:lenet5", "-o", pipe).failed(1, "pipe.whm", "pipe");
        run("compile", "zoo:lenet5", "-o", "/dev/null").failed(1, "/dev/null", "device");
        run("compile", compiled, "-o", compiled).failed(1, "good.whm", "read for this");
        run("compile", compiled, "-o", folder.resolve(".").resolve("good.whm")).failed(1, "read for this");
        Path names = file("names.txt", "a".getBytes(StandardCharsets.UTF_8));
        run("compile", compiled, "-o", names, "--labels", names).failed(1, "names.txt", "read for this");
        run("quantize", compiled, "--calibrate", folder, "-o", image).failed(1, "good.png", "read for this");
        run("profile", compiled, "--html", compiled, REFERENCE).failed(1, "good.whm", "read for this");
        run("profile", compiled, "--html", link, REFERENCE).failed(1, "link.whm", "symbolic link");
        run("synth", "--netlist", link).failed(1, "link.whm", "symbolic link");
        assertArrayEquals(model, Files.readAllBytes(compiled));
        assertArrayEquals(picture, Files.readAllBytes(image));
    }

    @Test
    void a_dump_replaces_neither_the_tensor_it_came_from_nor_a_link() throws IOException {
        Path raw = file("000.bin", new byte[784]);
        run("run", "zoo:lenet5", "--raw", raw, "--dump", folder, "--all-tensors", REFERENCE)
                .failed(1, "000.bin", "read for this");
        Path dump = Files.createDirectory(folder.resolve("dump"));
        Files.createSymbolicLink(dump.resolve("000.bin"), image);
        run("run", "zoo:lenet5", "--raw", raw, "--dump", dump, "--all-tensors", REFERENCE)
                .failed(1, "000.bin", "symbolic link");
        try (var files = Files.list(dump)) {
            assertTrue(files.allMatch(path -> path.endsWith("000.bin")));
        }
    }

    @Test
    void a_failed_compilation_keeps_the_old_file() throws IOException {
        byte[] before = Files.readAllBytes(compiled);
        run("compile", image, "-o", compiled).failed(1, "good.png");
        assertTrue(Arrays.equals(before, Files.readAllBytes(compiled)));
    }

    @Test
    void a_configuration_that_does_not_exist() {
        run("compile", "zoo:lenet5", "-o", folder.resolve("x.whm"), "--config", "ostrich")
                .failed(1, "ostrich", "zynq7020");
    }

    @Test
    void a_device_that_does_not_exist() {
        run("run", "zoo:lenet5", image, "--device", "ostrich:").failed(1, "ostrich:");
        run("run", "zoo:lenet5", image, "--device", "ostrich").failed(1, "ostrich");
    }

    @Test
    void a_broker_that_is_not_there() {
        run("run", "zoo:lenet5", image, REFERENCE, "--mqtt", "mqtt://127.0.0.1:1")
                .failed(1, "mqtt://127.0.0.1:1", "cannot be reached");
    }

    @Test
    void a_broker_address_that_is_none() {
        run("run", "zoo:lenet5", image, REFERENCE, "--mqtt", "http://127.0.0.1").failed(1, "mqtt://HOST");
    }

    @Test
    void a_password_in_a_misplaced_address_is_not_shown() {
        String address = "mqtt://user:pass%word@127.0.0.1";
        for (CommandLineRun run : List.of(
                run("run", "zoo:lenet5", address, REFERENCE),
                run("run", address, image),
                run("run", "--mqtt", "--mqtt=" + address))) {
            assertFalse(run.errors().contains("pass%word"), run.errors());
            assertTrue(run.errors().contains("user:...@"), run.errors());
        }
    }

    @Test
    void wrong_usage_is_exit_code_2() {
        for (List<String> arguments : List.of(
                List.of("ostrich"),
                List.of("run"),
                List.of("run", "zoo:lenet5"),
                List.of("run", "zoo:lenet5", "--ostrich"),
                List.of("run", "zoo:lenet5", "x.png", "--top", "many"),
                List.of("run", "zoo:lenet5", "x.png", "--top", "0"),
                List.of("run", "zoo:lenet5", "x.png", "--all-tensors"),
                List.of("compile", "zoo:lenet5"),
                List.of("profile"),
                List.of("profile", "zoo:lenet5", "--frames", "0"),
                List.of("inspect", "a", "b"))) {
            CommandLineRun.of(arguments.toArray(String[]::new)).failed(2, "--help");
        }
    }

    @Test
    void verbose_adds_where_it_arose() {
        CommandLineRun result = run("inspect", folder.resolve("absent.tflite"), "--verbose");
        assertTrue(result.errors().contains("\tat io.windhover"), result.errors());
    }

    @Test
    void evaluation_of_what_is_no_data_set_and_with_a_wrong_limit_or_preprocessing() throws IOException {
        run("evaluate", "zoo:lenet5", "--dataset", "ostrich", REFERENCE).failed(1, "ostrich", "mnist:DIR");
        run("evaluate", "zoo:lenet5", "--dataset", "mnist:" + folder, REFERENCE).failed(1, "t10k-images");
        run("evaluate", "zoo:lenet5", "--dataset", "mnist:" + folder, "--limit", "0", REFERENCE)
                .failed(2, "--limit");
        run("evaluate", "zoo:lenet5", "--dataset", "mnist:" + folder, "--preprocess", "upside-down", REFERENCE)
                .failed(1, "upside-down", "signed");
        run("evaluate", "zoo:lenet5", "--dataset", "mnist:" + folder, "--preprocess", "0,0", REFERENCE)
                .failed(1, "--preprocess '0,0'");
        run(
                        "evaluate",
                        "zoo:lenet5",
                        "--dataset",
                        "mnist:" + folder,
                        "--labels",
                        file("names", "a\n".repeat(11).getBytes(StandardCharsets.UTF_8)),
                        REFERENCE)
                .failed(1, "names 11 classes", "has 10");
        Path none = file("none", new byte[0]);
        run("evaluate", "zoo:lenet5", "--dataset", "raw:" + none + ":" + none, "--json", REFERENCE)
                .failed(1, "no examples");
        Path labels = file("labels", new byte[] {1, 2, 3});
        run("evaluate", "zoo:lenet5", "--dataset", "raw:" + image + ":" + labels, REFERENCE)
                .failed(1, "good.png", "3 labels");
    }
}
