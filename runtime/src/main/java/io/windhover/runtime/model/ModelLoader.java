// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.model;

import io.windhover.models.FileContents;
import io.windhover.models.ModelException;
import io.windhover.models.Reason;
import io.windhover.models.bnnpynq.BnnPynqImporter;
import io.windhover.models.bnnpynq.ParameterFolder;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.InputShapes;
import io.windhover.models.inspect.FileOperator;
import io.windhover.models.onnx.OnnxImporter;
import io.windhover.models.tflite.TfliteImporter;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.whm.CompiledFile;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the network a user names: a {@code .tflite}, {@code .onnx} or {@code .whm} file, a folder of BNN-PYNQ
 * parameters or {@code zoo:NAME}.
 */
public final class ModelLoader {
    private static final String ZOO = "zoo:";
    private static final String ONNX = ".onnx";
    /** What tells the kinds of files apart. */
    private static final int START_BYTES = 16;

    private static final int TFLITE_MAGIC_AT = 4;
    private static final byte[] TFLITE_MAGIC = "TFL3".getBytes(StandardCharsets.US_ASCII);

    private final long largestBytes;

    /** @param largestBytes of a model file, or of the parameter files of a folder together */
    public ModelLoader(long largestBytes) {
        this.largestBytes = largestBytes;
    }

    /** Loads it; a {@link WindhoverException} or {@link io.windhover.models.ModelException} says why it cannot be. */
    public Model load(String source) {
        return load(source, InputShapes.NONE);
    }

    /** The same, with shapes for the inputs whose sizes a file leaves open. */
    public Model load(String source, InputShapes shapes) {
        if (source.startsWith(ZOO)) {
            requireNone(shapes, source);
            Graph graph = Zoo.load(source.substring(ZOO.length()));
            return new Model(source, hex(source.getBytes(StandardCharsets.UTF_8)), graph, null);
        }
        Path path = Path.of(source);
        if (!source.isEmpty() && Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
            throw new WindhoverException("Model '" + source + "' is neither a file nor a folder; give one of these.");
        }
        if (source.isEmpty() || !Files.exists(path)) {
            throw new WindhoverException(
                    "There is no model file '" + source
                            + "'; give a .tflite, .onnx or .whm file, a BNN-PYNQ folder, or zoo:NAME from the list of './windhover models'.");
        }
        try {
            if (Files.isDirectory(path)) {
                requireNone(shapes, source);
                return readFolder(path, source);
            }
            return read(path, source, shapes);
        } catch (IOException problem) {
            throw new WindhoverException(
                    "Model file '" + source + "' cannot be read (" + Reason.of(problem) + ").", problem);
        }
    }

    /**
     * The {@link Model#sha256} that loading it would give, without reading it as a network; null where that is not the
     * digest of a file of bounded size.
     */
    public @Nullable String digest(String source, InputShapes shapes) {
        if (source.startsWith(ZOO) || source.isEmpty() || !Files.isRegularFile(Path.of(source))) {
            return null;
        }
        try {
            Path path = Path.of(source);
            byte[] contents = FileContents.read(path, largestBytes);
            return isOnnx(contents, source)
                    ? hex(contents, bytes(shapes), OnnxImporter.outside(path, contents, largestBytes))
                    : hex(contents, bytes(shapes));
        } catch (IOException | ModelException unreadable) {
            return null;
        }
    }

    /**
     * The operators of a model file, also of one that cannot be loaded; none where it is no file of operators or cannot
     * be parsed.
     */
    public List<FileOperator> operators(String source, InputShapes shapes) {
        if (source.startsWith(ZOO) || source.isEmpty() || !Files.isRegularFile(Path.of(source))) {
            return List.of();
        }
        try {
            Path path = Path.of(source);
            byte[] contents = FileContents.read(path, largestBytes);
            if (startsWith(contents, TFLITE_MAGIC_AT, TFLITE_MAGIC)) {
                return TfliteImporter.operators(contents, shapes);
            }
            return isOnnx(contents, source) ? OnnxImporter.operators(path, contents, largestBytes, shapes) : List.of();
        } catch (IOException | ModelException unreadable) {
            return List.of();
        }
    }

    private static void requireNone(InputShapes shapes, String source) {
        if (!shapes.isEmpty()) {
            throw new WindhoverException("Model '" + source + "' leaves no shape open; give none.");
        }
    }

    private Model read(Path path, String source, InputShapes shapes) throws IOException {
        byte[] contents;
        try (SeekableByteChannel file = Files.newByteChannel(path)) {
            requireSize(file.size(), source);
            requireKind(start(file), source);
            contents = FileContents.read(file, path, largestBytes);
        }
        String digest = hex(contents, bytes(shapes));
        if (startsWith(contents, TFLITE_MAGIC_AT, TFLITE_MAGIC)) {
            TfliteImporter.Imported imported = TfliteImporter.read(path, contents, shapes);
            return new Model(source, digest, imported.graph(), null, imported.notes());
        }
        if (CompiledFile.looksLike(contents)) {
            requireNone(shapes, source);
            CompiledFile file = CompiledFile.read(path, contents);
            return new Model(source, digest, file.graph(), file.compiled(), List.of(), file.decode());
        }
        OnnxImporter.Imported imported = OnnxImporter.read(path, contents, largestBytes, shapes);
        return new Model(source, hex(contents, bytes(shapes), imported.outside()), imported.graph(), null);
    }

    private void requireSize(long bytes, String source) {
        if (bytes == 0) {
            throw new WindhoverException(
                    "Model file '" + source + "' is empty; give a .tflite, .onnx or .whm file that holds a network.");
        }
        if (bytes > largestBytes) {
            throw new WindhoverException("Model file '" + source + "' has " + bytes + " bytes, more than the limit of "
                    + largestBytes + "; raise --model-bytes if that is intended.");
        }
    }

    private static void requireKind(byte[] start, String source) {
        if (!isOther(start) && !isOnnx(start, source)) {
            throw new WindhoverException(
                    "'" + source + "' is neither a TensorFlow Lite file nor an ONNX file nor a .whm file; "
                            + "give one of these, or zoo:NAME.");
        }
    }

    private static boolean isOther(byte[] start) {
        return startsWith(start, TFLITE_MAGIC_AT, TFLITE_MAGIC) || CompiledFile.looksLike(start);
    }

    private static boolean isOnnx(byte[] start, String source) {
        return !isOther(start) && (source.endsWith(ONNX) || OnnxImporter.looksLike(start));
    }

    /** The first bytes; the file is then at its start again. */
    private static byte[] start(SeekableByteChannel file) throws IOException {
        byte[] start = Channels.newInputStream(file).readNBytes(START_BYTES);
        file.position(0);
        return start;
    }

    private Model readFolder(Path folder, String source) throws IOException {
        ParameterFolder parameters = ParameterFolder.read(folder, largestBytes);
        MessageDigest digest = sha256();
        parameters.files().forEach((name, contents) -> {
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            digest.update(contents);
        });
        return new Model(
                source, HexFormat.of().formatHex(digest.digest()), BnnPynqImporter.read(folder, parameters), null);
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

    /** SHA-256 of parts one after another, in hexadecimal digits. */
    private static String hex(byte[]... parts) {
        MessageDigest digest = sha256();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** They make another network of a file; empty where none are given. */
    private static byte[] bytes(InputShapes shapes) {
        return shapes.isEmpty() ? new byte[0] : shapes.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
