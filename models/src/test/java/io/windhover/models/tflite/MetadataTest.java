// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.flatbuffers.FlatBufferBuilder;
import io.windhover.models.ModelException;
import io.windhover.models.SharedData;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Preprocessing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** TFLite Metadata: labels from the zip in the file's tail, and the normalisation of pixels. */
class MetadataTest {
    private static final Path NAME = Path.of("small.tflite");
    private static final String LABELS = "labels.txt";
    private static final float[] NONE = {};

    /** A ModelMetadata with one input and one output. */
    private static byte[] metadata(float[] mean, float[] deviation, String labels) {
        FlatBufferBuilder file = new FlatBufferBuilder();
        int means = floats(file, mean);
        int deviations = floats(file, deviation);
        file.startTable(2);
        file.addOffset(MetadataSchema.NormalizationOptions.MEAN, means, 0);
        file.addOffset(MetadataSchema.NormalizationOptions.STD, deviations, 0);
        int options = file.endTable();
        file.startTable(2);
        file.addByte(
                MetadataSchema.ProcessUnit.OPTIONS_TYPE, (byte) MetadataSchema.ProcessUnit.NORMALIZATION_OPTIONS, 0);
        file.addOffset(MetadataSchema.ProcessUnit.OPTIONS, options, 0);
        int units = file.createVectorOfTables(new int[] {file.endTable()});
        int name = file.createString(labels);
        file.startTable(4);
        file.addOffset(MetadataSchema.AssociatedFile.NAME, name, 0);
        file.addByte(MetadataSchema.AssociatedFile.TYPE, (byte) MetadataSchema.AssociatedFile.TENSOR_AXIS_LABELS, 0);
        int associated = file.createVectorOfTables(new int[] {file.endTable()});
        int inputs = file.createVectorOfTables(new int[] {tensor(file, mean.length > 0 ? units : 0, 0)});
        int outputs = file.createVectorOfTables(new int[] {tensor(file, 0, labels.isEmpty() ? 0 : associated)});
        file.startTable(7);
        file.addOffset(MetadataSchema.SubGraphMetadata.INPUTS, inputs, 0);
        file.addOffset(MetadataSchema.SubGraphMetadata.OUTPUTS, outputs, 0);
        int graphs = file.createVectorOfTables(new int[] {file.endTable()});
        file.startTable(8);
        file.addOffset(MetadataSchema.ModelMetadata.SUBGRAPHS, graphs, 0);
        file.finish(file.endTable(), MetadataSchema.IDENTIFIER);
        return file.sizedByteArray();
    }

    private static int floats(FlatBufferBuilder file, float[] values) {
        file.startVector(Float.BYTES, values.length, Float.BYTES);
        for (int i = values.length - 1; i >= 0; i--) {
            file.addFloat(values[i]);
        }
        return file.endVector();
    }

    private static int tensor(FlatBufferBuilder file, int units, int associated) {
        file.startTable(7);
        file.addOffset(MetadataSchema.TensorMetadata.PROCESS_UNITS, units, 0);
        file.addOffset(MetadataSchema.TensorMetadata.ASSOCIATED_FILES, associated, 0);
        return file.endTable();
    }

    /** An average of 4 x 4 x 3 pixels to three scores; a scale of 0 makes the tensors float. */
    private static byte[] model(int type, float scale, int zeroPoint, byte[] metadata) {
        ModelFile file = new ModelFile();
        file.metadata = metadata;
        int input = file.tensor(type, scale, zeroPoint, 1, 4, 4, 3);
        int output = file.tensor(type, scale, zeroPoint, 1, 1, 1, 3);
        file.operator(
                BuiltinOperator.AVERAGE_POOL_2D,
                new int[] {input},
                new int[] {output},
                ModelFile.Options.none()
                        .with(Schema.Pool2DOptions.PADDING, (byte) Schema.Padding.VALID)
                        .with(Schema.Pool2DOptions.STRIDE_WIDTH, 4)
                        .with(Schema.Pool2DOptions.STRIDE_HEIGHT, 4)
                        .with(Schema.Pool2DOptions.FILTER_WIDTH, 4)
                        .with(Schema.Pool2DOptions.FILTER_HEIGHT, 4));
        return file.build(new int[] {input}, output).array();
    }

    private static byte[] real(byte[] metadata) {
        return model(Schema.Type.FLOAT32, 0, 0, metadata);
    }

    private static byte[] zip(String name, byte[] contents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("readme.md"));
            zip.write("what it is".getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry(name));
            zip.write(contents);
        }
        return bytes.toByteArray();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] labelled(String names) throws IOException {
        return joined(real(metadata(NONE, NONE, LABELS)), zip(LABELS, names.getBytes(StandardCharsets.UTF_8)));
    }

    private static void noted(byte[] file, String... words) {
        TfliteImporter.Imported imported = TfliteImporter.read(NAME, file);
        assertEquals(1, imported.notes().size(), imported.notes().toString());
        assertEquals(List.of(), imported.graph().labels());
        assertNull(imported.graph().preprocessing());
        for (String word : words) {
            assertTrue(imported.notes().get(0).contains(word), imported.notes().get(0));
        }
    }

    private static void refused(byte[] file, String... words) {
        String message = assertThrows(ModelException.class, () -> TfliteImporter.read(NAME, file))
                .getMessage();
        for (String word : words) {
            assertTrue(message.contains(word), message);
        }
    }

    private static Preprocessing preprocessing(byte[] file) {
        TfliteImporter.Imported imported = TfliteImporter.read(NAME, file);
        assertEquals(List.of(), imported.notes());
        return imported.graph().preprocessing();
    }

    @Test
    void labels_stand_in_the_zip_at_the_end() throws IOException {
        Graph graph =
                TfliteImporter.read(NAME, labelled("cat\r\ndog\nbird \n\n")).graph();
        assertEquals(List.of("cat", "dog", "bird"), graph.labels());
    }

    @Test
    void a_float_models_mean_and_deviation_become_its_preprocessing() {
        Preprocessing same = preprocessing(real(metadata(new float[] {127.5f}, new float[] {127.5f}, "")));
        assertArrayEquals(new float[] {127.5f, 127.5f, 127.5f}, same.mean());
        Preprocessing each = preprocessing(real(metadata(new float[] {1, 2, 3}, new float[] {4, 5, 6}, "")));
        assertArrayEquals(new float[] {1, 2, 3}, each.mean());
        assertArrayEquals(new float[] {4, 5, 6}, each.deviation());
    }

    @Test
    void a_quantised_models_are_used_where_its_codes_hold_them() {
        byte[] signed = metadata(new float[] {127.5f}, new float[] {127.5f}, "");
        assertNotNull(preprocessing(model(Schema.Type.UINT8, 1 / 128f, 128, signed)));
        assertNotNull(preprocessing(model(Schema.Type.INT8, 1 / 128f, 0, signed)));
        byte[] asItIs = metadata(new float[] {0}, new float[] {1}, "");
        assertNotNull(preprocessing(model(Schema.Type.UINT8, 1, 0, asItIs)));
        noted(model(Schema.Type.UINT8, 1 / 128f, 128, asItIs), "(pixel - 0.0) / 1.0", "zero point 128", "--preprocess");
        noted(model(Schema.Type.INT8, 1, 0, signed), "(pixel - 127.5) / 127.5", "--preprocess");
    }

    @Test
    void numbers_that_cannot_be_are_noted() {
        noted(real(metadata(new float[] {1, 2}, new float[] {1, 2}, "")), "mean and deviation", "--preprocess");
        noted(real(metadata(new float[] {1}, new float[] {0}, "")), "deviation 0.0");
        noted(real(metadata(new float[] {Float.NaN}, new float[] {1}, "")), "mean and deviation");
    }

    @Test
    void labels_of_another_count_or_absent_are_noted() throws IOException {
        noted(labelled("cat\ndog\n"), "names 2 classes", "has 3", "--labels");
        noted(real(metadata(NONE, NONE, LABELS)), "labels.txt", "not in the file");
        noted(joined(real(metadata(NONE, NONE, LABELS)), zip("other.txt", new byte[3])), "not in the file");
    }

    @Test
    void a_zip_that_unpacks_to_more_than_a_list_of_names_is_refused() throws IOException {
        refused(
                joined(real(metadata(NONE, NONE, LABELS)), zip(LABELS, new byte[64 << 20])),
                "small.tflite",
                "labels.txt",
                "more than 1048576 bytes");
    }

    @Test
    void damaged_zips_are_read_noted_or_refused() throws IOException {
        byte[] whole = labelled("cat\ndog\nbird\n");
        int start = real(metadata(NONE, NONE, LABELS)).length;
        Random random = new Random(20_261_128);
        int refusals = 0;
        for (int mutant = 0; mutant < 2000; mutant++) {
            byte[] damaged = whole.clone();
            for (int change = 0; change <= mutant % 4; change++) {
                damaged[start + random.nextInt(damaged.length - start)] = (byte) random.nextInt();
            }
            try {
                TfliteImporter.read(
                        NAME,
                        mutant % 5 == 0
                                ? Arrays.copyOf(damaged, start + random.nextInt(damaged.length - start))
                                : damaged);
            } catch (ModelException refusal) {
                refusals++;
            }
        }
        assertTrue(refusals > 100, refusals + " refused");
    }

    @Test
    void damaged_metadata_is_read_or_refused() throws IOException {
        byte[] whole = metadata(new float[] {1, 2, 3}, new float[] {4, 5, 6}, LABELS);
        Random random = new Random(20_261_129);
        for (int mutant = 0; mutant < 2000; mutant++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                TfliteImporter.read(NAME, joined(real(damaged), zip(LABELS, new byte[0])));
            } catch (ModelException refusal) {
                assertTrue(refusal.getMessage().startsWith("Model file small.tflite: "), refusal.getMessage());
            }
        }
    }

    @Test
    void published_files_name_their_classes() throws IOException {
        Graph graph = TfliteImporter.read(SharedData.require("models/coral_tf2_mobilenet_v2_1.0_224_ptq.tflite"));
        assertEquals(1001, graph.labels().size());
        assertEquals("background", graph.labels().get(0));
    }
}
