package io.windhover.runtime;

import io.windhover.models.graph.Graph;
import io.windhover.models.tflite.TfliteImporter;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.whm.CompiledFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Finds the network a user names: a {@code .tflite} file, a {@code .whm} file or {@code zoo:NAME}. */
public final class ModelLoader {
    private static final String ZOO = "zoo:";
    private static final int TFLITE_MAGIC_AT = 4;
    private static final byte[] TFLITE_MAGIC = "TFL3".getBytes(StandardCharsets.US_ASCII);

    private final Limits limits;

    public ModelLoader(Limits limits) {
        this.limits = limits;
    }

    /** Loads it; a {@link WindhoverException} or {@link io.windhover.models.ModelException} says why it cannot be. */
    public Model load(String source) {
        if (source.startsWith(ZOO)) {
            Graph graph = Zoo.load(source.substring(ZOO.length()));
            return new Model(source, sha256(source.getBytes(StandardCharsets.UTF_8)), graph, null);
        }
        Path path = Path.of(source);
        if (!Files.isRegularFile(path)) {
            throw new WindhoverException("There is no model file '" + source
                    + "'; give a .tflite or .whm file, or zoo:NAME from the list of './windhover models'.");
        }
        try {
            return read(path, source);
        } catch (IOException problem) {
            throw new WindhoverException("Model file '" + source + "' cannot be read (" + problem.getMessage() + ").", problem);
        }
    }

    private Model read(Path path, String source) throws IOException {
        long bytes = Files.size(path);
        if (bytes > limits.modelBytes()) {
            throw new WindhoverException("Model file '" + source + "' has " + bytes + " bytes, more than the limit of "
                    + limits.modelBytes() + "; raise --model-bytes if that is intended.");
        }
        byte[] contents = Files.readAllBytes(path);
        if (startsWith(contents, TFLITE_MAGIC_AT, TFLITE_MAGIC)) {
            return new Model(source, sha256(contents), TfliteImporter.read(path, limits.modelBytes()), null);
        }
        if (startsWith(contents, 0, CompiledFile.MAGIC)) {
            CompiledFile file = CompiledFile.read(path, limits.modelBytes());
            return new Model(source, sha256(contents), file.graph(), file.compiled());
        }
        throw new WindhoverException("'" + source + "' is neither a TensorFlow Lite file nor a .whm file; "
                + "give one of these, or zoo:NAME.");
    }

    private static boolean startsWith(byte[] contents, int position, byte[] magic) {
        if (contents.length < position + magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if (contents[position + i] != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static String sha256(byte[] contents) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(contents));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
