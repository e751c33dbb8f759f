package io.windhover.models.tflite;

import io.windhover.models.FileContents;
import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/** Reads TensorFlow Lite files, quantised and float. Tensor indexes are those of the file. */
public final class TfliteImporter {
    /** Largest file read unless the caller says otherwise. */
    public static final long DEFAULT_LIMIT_BYTES = 512L << 20;

    private TfliteImporter() {}

    /** Reads a file of at most {@link #DEFAULT_LIMIT_BYTES}. */
    public static Graph read(Path file) throws IOException {
        return read(file, DEFAULT_LIMIT_BYTES);
    }

    /** Reads a file of at most this size; throws {@link ModelException} when it is damaged or holds what we do not run. */
    public static Graph read(Path file, long limitBytes) throws IOException {
        return read(file, FileContents.read(file, limitBytes));
    }

    /** Reads the contents of a file, which messages name. */
    public static Graph read(Path file, byte[] contents) {
        try {
            return read(file.getFileName().toString().replaceFirst("\\.tflite$", ""), ByteBuffer.wrap(contents));
        } catch (ModelException problem) {
            throw new ModelException("Model file " + file + ": " + problem.getMessage(), problem);
        }
    }

    /** Reads the bytes from position 0 to the limit of a buffer. */
    public static Graph read(String name, ByteBuffer contents) {
        SourceModel model = new SourceModel(contents.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        List<SourceOperator> sources = model.operators();
        sources.forEach(TfliteImporter::requireSupported);
        Sink sink = new Sink(model);
        for (SourceOperator source : sources) {
            convert(source, sink);
        }
        return sink.graph(name);
    }

    private static void requireSupported(SourceOperator source) {
        source.require(Importers.of(source) != null,
                "Windhover has no such operator; replace it in the model or export another part.");
    }

    private static void convert(SourceOperator source, Sink sink) {
        try {
            Importers.of(source).read(source, sink);
        } catch (ModelException problem) {
            if (problem.getMessage().startsWith("Operator ")) {
                throw problem;
            }
            throw new ModelException(String.format("Operator %d (%s): %s", source.index(), source.kind(), problem.getMessage()), problem);
        }
    }
}
