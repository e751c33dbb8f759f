// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The page's files, all of them read when the server starts; a path that is not among them names nothing. */
final class Assets {
    private static final Map<String, String> FILES = Map.of(
            "/", "page.html",
            "/page.css", "page.css",
            "/page.js", "page.js",
            "/feed.js", "feed.js",
            "/plot.js", "plot.js",
            "/control.js", "control.js",
            "/icon.svg", "icon.svg");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private final Map<String, Answer> answers = new TreeMap<>();

    Assets() {
        FILES.forEach((path, file) -> answers.put(path, read(file)));
    }

    private static Answer read(String file) {
        String extension = file.substring(file.lastIndexOf('.') + 1);
        try (InputStream in = Assets.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new NoSuchFileException(file);
            }
            byte[] bytes = in.readAllBytes();
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
            return Answer.ok(TYPES.getOrDefault(extension, "application/octet-stream"), bytes)
                    .with(Map.of("Cache-Control", "no-cache", "ETag", '"' + digest + '"'));
        } catch (IOException | NoSuchAlgorithmException incomplete) {
            throw new AssertionError("the program is incomplete", incomplete);
        }
    }

    boolean has(String path) {
        return answers.containsKey(path);
    }

    /** Only the head where the client has the file already, as the tag says that it sent. */
    Answer get(String path, @Nullable String knownTag) {
        Answer answer = answers.get(path);
        if (answer == null) {
            throw new IllegalArgumentException(path);
        }
        return knownTag != null && knownTag.equals(answer.headers().get("ETag"))
                ? new Answer(Answer.NOT_MODIFIED, answer.contentType(), new byte[0], answer.headers())
                : answer;
    }
}
