package io.windhover.models.tflite;

import static io.windhover.models.ModelException.require;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
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
        String name = file.getFileName().toString().replaceFirst("\\.tflite$", "");
        try (FileChannel channel = FileChannel.open(file)) {
            require(channel.size() <= Math.min(limitBytes, Integer.MAX_VALUE),
                    "Model file %s has %d bytes, more than the limit of %d; raise the limit if that is intended.", file,
                    channel.size(), limitBytes);
            return read(name, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
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
