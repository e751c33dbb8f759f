// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.exception.WindhoverException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {
    private static final Tensor INPUT =
            new Tensor(0, "input", TensorType.INT8, Shape.map(1, 2, 2), Quantization.of(1, 0), null);

    @TempDir
    Path folder;

    private static List<Example> read(Dataset dataset) {
        try (Stream<Example> examples = dataset.examples()) {
            return examples.toList();
        }
    }

    private void refused(String name, String... words) {
        String message = assertThrows(WindhoverException.class, () -> read(Dataset.open(name, INPUT)))
                .getMessage();
        for (String word : words) {
            assertTrue(message.contains(word), "'" + word + "' is not in: " + message);
        }
    }

    private static byte[] zipped(byte[] bytes) throws IOException {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(target)) {
            zip.write(bytes);
        }
        return target.toByteArray();
    }

    private static byte[] idx(int magic, int[] shape, int... contents) {
        ByteBuffer buffer =
                ByteBuffer.allocate(4 + 4 * shape.length + contents.length).putInt(magic);
        Arrays.stream(shape).forEach(buffer::putInt);
        Arrays.stream(contents).forEach(value -> buffer.put((byte) value));
        return buffer.array();
    }

    @Test
    void mnist_files_are_read_gzipped_or_not() throws IOException {
        Files.write(
                folder.resolve("t10k-images-idx3-ubyte.gz"),
                zipped(idx(0x803, new int[] {2, 2, 3}, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255)));
        Files.write(folder.resolve("t10k-labels-idx1-ubyte"), idx(0x801, new int[] {2}, 7, 9));
        Dataset dataset = Dataset.open("mnist:" + folder, INPUT);
        assertEquals(2, dataset.size());
        Example.Image second = (Example.Image) read(dataset).get(1);
        assertEquals(9, second.label());
        assertEquals(3, second.pixels().width());
        assertArrayEquals(new byte[] {7, 8, 9, 10, 11, -1}, second.pixels().samples());
    }

    @Test
    void an_idx_file_with_a_wrong_header_or_too_few_bytes_is_refused() throws IOException {
        Path images = folder.resolve("train-images-idx3-ubyte");
        Files.write(folder.resolve("train-labels-idx1-ubyte"), idx(0x801, new int[] {2}, 7, 9));
        Files.write(images, idx(0x802, new int[] {2, 2, 3}));
        refused("mnist:" + folder + ":train", "train-images", "idx");
        Files.write(images, idx(0x803, new int[] {2, -2, 3}));
        refused("mnist:" + folder + ":train", "dimension of -2");
        Files.write(images, idx(0x803, new int[] {3, 2, 3}, new int[18]));
        refused("mnist:" + folder + ":train", "labels 2 digits", "3 images");
        Files.write(images, idx(0x803, new int[] {2, 2, 3}, new int[11]));
        refused("mnist:" + folder + ":train", "27 bytes", "2 examples make 28");
        refused("mnist:" + folder, "t10k-images");
    }

    @Test
    void cifar_batches_become_interleaved_pixels() throws IOException {
        byte[] batch = new byte[10_000 * 3073];
        batch[3073] = 4;
        batch[3073 + 1 + 1] = 10;
        batch[3073 + 1 + 1024 + 1] = 20;
        batch[3073 + 1 + 2048 + 1] = 30;
        Files.write(folder.resolve("test_batch.bin"), batch);
        Example.Image second =
                (Example.Image) read(Dataset.open("cifar10:" + folder, INPUT)).get(1);
        assertEquals(4, second.label());
        assertArrayEquals(
                new byte[] {0, 0, 0, 10, 20, 30}, Arrays.copyOf(second.pixels().samples(), 6));
    }

    @Test
    void cifar_pixels_beside_labels_are_read_as_they_are() throws IOException {
        byte[] pixels = new byte[2 * 3072];
        pixels[3072 + 5] = 77;
        Files.write(folder.resolve("c_test_2x32x32x3_u8.bin.gz"), zipped(pixels));
        Files.write(folder.resolve("c_test_labels_u8.bin"), new byte[] {3, 8});
        List<Example> examples = read(Dataset.open("cifar10:" + folder, INPUT));
        assertEquals(8, examples.get(1).label());
        assertEquals(77, ((Example.Image) examples.get(1)).pixels().samples()[5]);
    }

    @Test
    void cifar_batches_may_be_short_or_zipped() throws IOException {
        byte[] batch = new byte[2 * 3073];
        batch[3073] = 9;
        Files.write(folder.resolve("test_batch.bin"), batch);
        assertEquals(9, read(Dataset.open("cifar10:" + folder, INPUT)).get(1).label());
        Files.write(folder.resolve("test_batch.bin"), Arrays.copyOf(batch, 3074));
        refused("cifar10:" + folder, "3074 bytes", "1 examples make 3073");
        Files.delete(folder.resolve("test_batch.bin"));
        Files.write(folder.resolve("test_batch.bin.gz"), zipped(new byte[10_000 * 3073]));
        assertEquals(10_000, read(Dataset.open("cifar10:" + folder, INPUT)).size());
    }

    @Test
    void fewer_or_more_labels_than_images_are_refused() throws IOException {
        Path labels = folder.resolve("c_test_labels_u8.bin");
        Path images = Files.write(folder.resolve("c_test_2x32x32x3_u8.bin"), new byte[2 * 3072]);
        for (byte[] some : new byte[][] {{1}, {1, 2, 3}}) {
            Files.write(labels, some);
            refused("cifar10:" + folder, images.getFileName().toString(), "6144 bytes", some.length + " examples");
        }
        Files.write(labels, new byte[0]);
        refused("cifar10:" + folder, "no examples");
        Files.write(labels, new byte[1]);
        Files.write(images, zipped(new byte[2 * 3072]));
        refused("cifar10:" + folder, "goes on after its last labelled example");
    }

    @Test
    void folders_are_classes_in_the_order_of_their_names() throws IOException {
        for (String file : new String[] {"b/2.png", "b/1.png", "a/3.png", "a/.hidden"}) {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.write(folder.resolve(file), new byte[1]);
        }
        Dataset dataset = Dataset.open("folder:" + folder, INPUT);
        assertEquals(List.of("a", "b"), dataset.classes());
        assertEquals(
                List.of(0, 1, 1), read(dataset).stream().map(Example::label).toList());
        assertTrue(read(dataset).get(1).name().endsWith("1.png"));
    }

    @Test
    void raw_tensors_take_labels_as_bytes_or_lines() throws IOException {
        Path tensors = Files.write(folder.resolve("in.bin"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        Path bytes = Files.write(folder.resolve("bytes"), new byte[] {0, 200 - 256});
        Path lines = Files.write(folder.resolve("lines"), "3\n300\n".getBytes(StandardCharsets.US_ASCII));
        List<Example> examples = read(Dataset.open("raw:" + tensors + ":" + bytes, INPUT));
        assertArrayEquals(new byte[] {5, 6, 7, 8}, ((Example.Raw) examples.get(1)).bytes());
        assertEquals(200, examples.get(1).label());
        assertEquals(
                300,
                read(Dataset.open("raw:" + tensors + ":" + lines, INPUT)).get(1).label());
        refused("raw:" + tensors + ":" + Files.write(folder.resolve("few"), new byte[] {1}), "8 bytes", "1 labels");
    }

    @Test
    void raw_reals_become_the_codes_of_a_quantised_input() throws IOException {
        Tensor input = new Tensor(0, "input", TensorType.INT8, Shape.vector(3), Quantization.of(0.5f, -10), null);
        ByteBuffer reals = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1)
                .putFloat(-1000)
                .putFloat(20.3f);
        Path tensors = Files.write(folder.resolve("in.bin"), reals.array());
        Path labels = Files.write(folder.resolve("labels"), new byte[] {2});
        Example.Raw only = (Example.Raw)
                read(Dataset.open("raw:" + tensors + ":" + labels, input)).get(0);
        assertArrayEquals(new byte[] {-8, -128, 31}, only.bytes());
    }

    @Test
    void what_is_no_data_set_is_refused_with_what_is() {
        refused("imagenet:" + folder, "imagenet", "mnist:DIR");
        refused("folder:" + folder.resolve("absent"), "absent");
        refused("folder:" + folder, "no images");
        refused("folder:", "folder:DIR");
        refused("raw:one", "raw:IN:LABELS");
        refused("cifar10:" + folder, "batch files");
    }
}
