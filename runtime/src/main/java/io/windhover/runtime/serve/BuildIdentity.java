// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.models.graph.Graph;
import io.windhover.runtime.compiler.Compiler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Tells builds of the importers and the compiler apart: what another build compiled may be wrong by now. */
final class BuildIdentity {
    private static final int HEX_DIGITS = 16;

    private BuildIdentity() {}

    /** Of the bytes of the jars, or folders, that they were loaded from; hexadecimal. */
    static String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Class<?> part : List.of(Graph.class, Compiler.class)) {
                Path from = Path.of(
                        part.getProtectionDomain().getCodeSource().getLocation().toURI());
                try (Stream<Path> files = Files.walk(from)) {
                    for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                        digest.update(Files.readAllBytes(file));
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, HEX_DIGITS);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (NoSuchAlgorithmException | URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
