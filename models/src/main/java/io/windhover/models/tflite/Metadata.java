// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Preprocessing;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a file's TFLite Metadata says of a network: how pixels become its input, and the names of its classes.
 * What contradicts the network is not used, and noted.
 */
final class Metadata {
    private static final int MOST_ENTRIES = 1024;
    private static final int LEVELS = 256;
    /**
     * Of the 256 levels of a pixel: more that fall outside the input's codes, or fewer codes that are used, are a
     * contradiction.
     */
    private static final int MOST_CUT_LEVELS = 26;

    private static final int FEWEST_CODES = 64;

    private final Graph graph;
    private final AssociatedFiles files;
    private final List<String> notes = new ArrayList<>();

    private Metadata(Graph graph, AssociatedFiles files) {
        this.graph = graph;
        this.files = files;
    }

    /** A network with its metadata, and what of this is not used and why. */
    static TfliteImporter.Imported apply(Graph graph, SourceModel model, ByteBuffer file) {
        FlatTable root = model.metadata();
        FlatTable.Vector subGraphs = root == null ? null : entries(root, MetadataSchema.ModelMetadata.SUBGRAPHS);
        if (subGraphs == null || subGraphs.size() == 0) {
            return new TfliteImporter.Imported(graph, List.of());
        }
        Metadata metadata = new Metadata(graph, new AssociatedFiles(file));
        FlatTable subGraph = subGraphs.table(0);
        FlatTable.Vector inputs = entries(subGraph, MetadataSchema.SubGraphMetadata.INPUTS);
        FlatTable.Vector outputs = entries(subGraph, MetadataSchema.SubGraphMetadata.OUTPUTS);
        Preprocessing preprocessing =
                graph.inputs().length == 1 && inputs.size() > 0 ? metadata.preprocessing(inputs.table(0)) : null;
        List<String> labels =
                graph.outputs().length == 1 && outputs.size() > 0 ? metadata.labels(outputs.table(0)) : List.of();
        return new TfliteImporter.Imported(graph.with(labels, preprocessing), List.copyOf(metadata.notes));
    }

    private static FlatTable.Vector entries(FlatTable table, int field) {
        FlatTable.Vector entries = table.vector(field, Integer.BYTES);
        require(
                entries.size() <= MOST_ENTRIES,
                "Its metadata has a list of %d entries, more than %d.",
                entries.size(),
                MOST_ENTRIES);
        return entries;
    }

    private @Nullable Preprocessing preprocessing(FlatTable input) {
        FlatTable.Vector units = entries(input, MetadataSchema.TensorMetadata.PROCESS_UNITS);
        for (int i = 0; i < units.size(); i++) {
            FlatTable unit = units.table(i);
            if (unit.int8(MetadataSchema.ProcessUnit.OPTIONS_TYPE, 0)
                    == MetadataSchema.ProcessUnit.NORMALIZATION_OPTIONS) {
                FlatTable options = unit.table(MetadataSchema.ProcessUnit.OPTIONS);
                return options == null ? null : normalization(options);
            }
        }
        return null;
    }

    private @Nullable Preprocessing normalization(FlatTable options) {
        Tensor input = graph.tensor(graph.inputs()[0]);
        int channels = input.shape().channels() == 3 ? 3 : 1;
        float[] mean = floats(options.vector(MetadataSchema.NormalizationOptions.MEAN, Float.BYTES), channels);
        float[] deviation = floats(options.vector(MetadataSchema.NormalizationOptions.STD, Float.BYTES), channels);
        if (mean.length == 0 || deviation.length == 0) {
            notes.add("its metadata gives no mean and deviation above 0 that fit " + input
                    + ", so none are used; --preprocess gives them");
            return null;
        }
        for (int channel = 0; channel < channels; channel++) {
            if (!(deviation[channel] > 0)) {
                notes.add("its metadata gives the deviation " + deviation[channel] + " for " + input
                        + ", so it is not used; --preprocess gives one");
                return null;
            }
            if (input.type().isByte() && contradicts(mean[channel], deviation[channel], input)) {
                Quantization codes = input.quantization();
                notes.add("its metadata has pixels become (pixel - " + mean[channel] + ") / " + deviation[channel]
                        + ", which is beyond the codes of "
                        + input
                        + (codes == null
                                ? " without a scale"
                                : ", scale " + codes.scale() + ", zero point " + codes.zeroPoint())
                        + ", so the pixel is taken as the code; --preprocess says otherwise");
                return null;
            }
        }
        return new Preprocessing(mean, deviation);
    }

    /** One finite number for each channel; none where the file has another count. */
    private static float[] floats(FlatTable.Vector vector, int channels) {
        if (vector.size() != 1 && vector.size() != channels) {
            return new float[0];
        }
        float[] values = new float[channels];
        for (int channel = 0; channel < channels; channel++) {
            values[channel] = vector.float32(vector.size() == 1 ? 0 : channel);
            if (!Float.isFinite(values[channel])) {
                return new float[0];
            }
        }
        return values;
    }

    private static boolean contradicts(float mean, float deviation, Tensor input) {
        Quantization quantization = input.quantization();
        if (quantization == null || quantization.scale() == 0) {
            return true;
        }
        int cut = 0;
        for (int level = 0; level < LEVELS; level++) {
            double code = (level - mean) / deviation / quantization.scale() + quantization.zeroPoint();
            cut += code < input.type().minimum() - 1 || code > input.type().maximum() + 1 ? 1 : 0;
        }
        return cut > MOST_CUT_LEVELS || LEVELS / deviation / quantization.scale() < FEWEST_CODES;
    }

    private List<String> labels(FlatTable output) {
        FlatTable.Vector associated = entries(output, MetadataSchema.TensorMetadata.ASSOCIATED_FILES);
        for (int i = 0; i < associated.size(); i++) {
            FlatTable file = associated.table(i);
            if (file.int8(MetadataSchema.AssociatedFile.TYPE, 0) == MetadataSchema.AssociatedFile.TENSOR_AXIS_LABELS) {
                return labels(file.string(MetadataSchema.AssociatedFile.NAME));
            }
        }
        return List.of();
    }

    private List<String> labels(String name) {
        byte[] contents = files.find(name);
        if (contents == null) {
            notes.add(
                    "its metadata names the classes in '" + name + "', which is not in the file; --labels names them");
            return List.of();
        }
        try (Stream<String> lines =
                new String(contents, StandardCharsets.UTF_8).stripTrailing().lines()) {
            List<String> names = lines.map(line -> line.strip().replaceAll("\\p{Cntrl}", "?"))
                    .toList();
            Shape scores = graph.tensor(graph.outputs()[0]).shape();
            if (names.size() != scores.channels()) {
                notes.add("its metadata names " + names.size() + " classes in '" + name + "' but its output " + scores
                        + " has " + scores.channels() + ", so they are not used; --labels names them");
                return List.of();
            }
            return names;
        }
    }
}
