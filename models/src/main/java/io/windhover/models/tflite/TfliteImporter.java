// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.FileContents;
import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.InputShapes;
import io.windhover.models.inspect.FileOperator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads TensorFlow Lite files, quantised and float. Tensor indexes are those of the file; labels and preprocessing come
 * from its metadata.
 */
public final class TfliteImporter {
    /** Largest file read unless the caller says otherwise. */
    public static final long DEFAULT_LIMIT_BYTES = 512L << 20;

    private TfliteImporter() {}

    /** Reads a file of at most {@link #DEFAULT_LIMIT_BYTES}. */
    public static Graph read(Path file) throws IOException {
        return read(file, DEFAULT_LIMIT_BYTES);
    }

    /**
     * Reads a file of at most this size; throws {@link ModelException} when it is damaged or contains something
     * unsupported.
     */
    public static Graph read(Path file, long limitBytes) throws IOException {
        return read(file, FileContents.read(file, limitBytes)).graph();
    }

    /** Reads the contents of a file, which messages name. */
    public static Imported read(Path file, byte[] contents) {
        return read(file, contents, InputShapes.NONE);
    }

    /** The same, with shapes for the inputs whose sizes the file leaves open. */
    public static Imported read(Path file, byte[] contents, InputShapes shapes) {
        try {
            return imported(name(file), ByteBuffer.wrap(contents), shapes);
        } catch (ModelException problem) {
            throw new ModelException("Model file " + file + ": " + problem.getMessage(), problem);
        }
    }

    /** Reads the bytes from position 0 to the limit of a buffer. */
    public static Graph read(String name, ByteBuffer contents) {
        return imported(name, contents, InputShapes.NONE).graph();
    }

    private static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\.tflite$", "");
    }

    /**
     * A network with the labels and the preprocessing that its file's metadata gives.
     *
     * @param notes what in the metadata contradicts the network and is ignored, and sizes left open, one clause each
     */
    public record Imported(Graph graph, List<String> notes) {}

    private static Imported imported(String name, ByteBuffer contents, InputShapes shapes) {
        ByteBuffer file = contents.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        SourceModel model = new SourceModel(file);
        List<SourceOperator> sources = model.operators();
        sources.forEach(TfliteImporter::requireImporter);
        List<String> open = OpenShapes.apply(model, shapes);
        int batch = FixedBatch.apply(model, sources);
        Sink sink = new Sink(model);
        for (SourceOperator source : sources) {
            convert(source, sink);
        }
        Imported imported = Metadata.apply(sink.graph(name).withBatch(batch), model, file);
        List<String> notes =
                Stream.concat(open.stream(), imported.notes().stream()).toList();
        return new Imported(imported.graph(), notes);
    }

    /** The operators of a file, each read for itself; throws {@link ModelException} where its tables cannot be read. */
    public static List<FileOperator> operators(byte[] contents, InputShapes shapes) {
        SourceModel model = new SourceModel(ByteBuffer.wrap(contents).order(ByteOrder.LITTLE_ENDIAN));
        List<SourceOperator> sources = model.operators();
        Sink sink = sink(model, sources, shapes);
        List<FileOperator> operators = new ArrayList<>();
        for (SourceOperator source : sources) {
            String name = source.firstOutputName();
            try {
                if (sink == null) {
                    requireImporter(source);
                } else {
                    convert(source, sink);
                }
                operators.add(FileOperator.supported(source.index(), source.kind(), name));
            } catch (ModelException problem) {
                operators.add(FileOperator.unsupported(source.index(), source.kind(), name, problem));
            }
        }
        return operators;
    }

    private static @Nullable Sink sink(SourceModel model, List<SourceOperator> sources, InputShapes shapes) {
        try {
            List<String> unusedNotes = OpenShapes.apply(model, shapes);
            int unused = FixedBatch.apply(model, sources);
            return new Sink(model);
        } catch (ModelException unusableInputs) {
            return null;
        }
    }

    private static OperatorImporter requireImporter(SourceOperator source) {
        return source.requirePresent(Importers.of(source), "%s", advice(source));
    }

    /** What to do about an operator that nothing reads. */
    private static String advice(SourceOperator source) {
        return switch (source.kind()) {
            case SourceModel.CUSTOM + "edgetpu-custom-op" ->
                "it holds a part compiled for the Edge TPU; use the file from before edgetpu_compiler.";
            case SourceModel.CUSTOM + "ethos-u" ->
                "it holds a part compiled for an Ethos-U; use the file from before vela.";
            default ->
                FloatImporters.of(source.builtin()) != null
                        ? String.format(
                                "its output has type %s; Windhover computes it of FLOAT32%s only, so keep it between "
                                        + "DEQUANTIZE and QUANTIZE.",
                                source.firstOutputType(),
                                IntegerImporters.of(source.builtin()) != null ? ", INT32 and INT64" : "")
                        : "Windhover has no such operator; replace it in the model or export another part.";
        };
    }

    private static void convert(SourceOperator source, Sink sink) {
        try {
            requireImporter(source).read(source, sink);
        } catch (ModelException problem) {
            if (problem.getMessage().startsWith("Operator ")) {
                throw problem;
            }
            throw new ModelException(
                    String.format("Operator %d (%s): %s", source.index(), source.kind(), problem.getMessage()),
                    problem);
        }
    }
}
