// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import io.windhover.models.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Contents that a model file keeps in other files. Only plain files of the model's own folder are read: a name with a
 * folder in it, or a link, could make a model that somebody sent disclose or wait for any file of its user.
 */
final class ExternalData {
    private static final Set<String> KEYS = Set.of("location", "offset", "length", "checksum");

    private final @Nullable Path folder;
    private long bytesLeft;
    private long bytesRead;
    private final MessageDigest digest = sha256();

    private ExternalData(@Nullable Path folder, long bytesLeft) {
        this.folder = folder;
        this.bytesLeft = bytesLeft;
    }

    /** Files of one folder, from which at most this many bytes are read altogether. */
    static ExternalData in(Path folder, long limitBytes) {
        return new ExternalData(folder, Math.max(0, limitBytes));
    }

    /** None, for a model that does not lie in a folder. */
    static ExternalData none() {
        return new ExternalData(null, 0);
    }

    /** How many bytes have been read. */
    long bytesRead() {
        return bytesRead;
    }

    /** SHA-256 of all that has been read, in this order; empty where nothing has. */
    byte[] digest() {
        return bytesRead == 0 ? new byte[0] : digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** The entries of one tensor: where its contents are. */
    static final class Entries {
        private final Map<String, String> entries = new HashMap<>();

        void add(ProtobufMessage entry) {
            String key = "";
            String value = "";
            while (entry.next()) {
                switch (entry.field()) {
                    case Schema.StringEntry.KEY -> key = entry.text();
                    case Schema.StringEntry.VALUE -> value = entry.text();
                    default -> {}
                }
            }
            require(
                    KEYS.contains(key) && entries.put(key, value) == null,
                    "A constant says its '%s' in another file twice, or it means nothing known.",
                    key);
        }

        boolean isEmpty() {
            return entries.isEmpty();
        }

        private String text(String key) {
            return entries.getOrDefault(key, "");
        }

        private long number(String key, long otherwise, String where) {
            String text = text(key);
            boolean isNumber = text.length() <= 18 && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
            require(isNumber, "%s has the %s '%s' in another file, which is no number of bytes.", where, key, text);
            return text.isEmpty() ? otherwise : Long.parseLong(text);
        }
    }

    /** The contents of a tensor of this many bytes; {@code where} names it in messages. */
    ByteBuffer read(String where, Entries entries, long bytes) {
        String location = entries.text("location");
        String name = location.startsWith("./") ? location.substring(2) : location;
        if (folder == null) {
            throw new ModelException(where
                    + " keeps its contents in another file, which is read only where the model is a file itself.");
        }
        require(
                isPlain(name),
                "%s keeps its contents in '%s'; only a file in the model's own folder is read, so put it there and "
                        + "save the model with its plain name.",
                where,
                name);
        long offset = entries.number("offset", 0, where);
        Path file = folder.resolve(name);
        try {
            require(
                    Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                            || !Files.exists(file, LinkOption.NOFOLLOW_LINKS),
                    "%s keeps its contents in '%s', which is a link or no file; put the file itself beside the model.",
                    where,
                    name);
            try (SeekableByteChannel channel =
                    Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
                long rest = Math.max(0, channel.size() - offset);
                long length = entries.number("length", rest, where);
                require(
                        length == bytes,
                        "%s has %d bytes, but %d of '%s' from byte %d on are said to be its contents.",
                        where,
                        bytes,
                        length,
                        name,
                        offset);
                require(
                        length <= rest,
                        "%s ends at byte %d of '%s', which has only %d bytes; fetch that file again.",
                        where,
                        offset + length,
                        name,
                        channel.size());
                return read(channel, where, name, offset, (int) charged(where, length));
            }
        } catch (NoSuchFileException missing) {
            throw new ModelException(
                    String.format(
                            "%s keeps its contents in '%s', which is not there; put that file beside the model.",
                            where, name),
                    missing);
        } catch (IOException problem) {
            throw new ModelException(
                    String.format(
                            "%s keeps its contents in '%s', which cannot be read: %s",
                            where, name, problem.getMessage()),
                    problem);
        }
    }

    /** A name of one component, whatever the system's separators are. */
    private static boolean isPlain(String name) {
        return !name.isBlank()
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(letter -> letter == '/' || letter == '\\' || letter == ':' || letter < ' ');
    }

    private long charged(String where, long bytes) {
        require(
                bytes <= Math.min(bytesLeft, Integer.MAX_VALUE - 8),
                "The constants in other files are larger than the limit for a model; %s needs %d bytes and %d are "
                        + "left. Raise the limit if that is intended.",
                where,
                bytes,
                bytesLeft);
        bytesLeft -= bytes;
        bytesRead += bytes;
        return bytes;
    }

    private ByteBuffer read(SeekableByteChannel channel, String where, String name, long offset, int bytes)
            throws IOException {
        ByteBuffer contents = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        channel.position(offset);
        int count = 0;
        while (contents.hasRemaining() && count >= 0) {
            count = channel.read(contents);
        }
        require(
                !contents.hasRemaining(),
                "%s: '%s' became shorter while it was read; use it again when nobody writes to it.",
                where,
                name);
        digest.update(contents.array());
        return contents.flip();
    }
}
