// SPDX-License-Identifier: Apache-2.0
package io.windhover.models;

import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/** Why reading or writing failed, in words: several of Java's exceptions say only which file it was. */
public final class Reason {
    private Reason() {}

    public static String of(Exception problem) {
        if (problem instanceof UncheckedIOException unchecked) {
            return of(Objects.requireNonNull(unchecked.getCause()));
        }
        if (problem instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (problem instanceof NoSuchFileException) {
            return "it is not there";
        }
        if (problem instanceof FileAlreadyExistsException || problem instanceof NotDirectoryException) {
            return "a file is there that is no folder";
        }
        if (problem instanceof CharacterCodingException) {
            return "it is no UTF-8 text";
        }
        if (problem instanceof UnknownHostException) {
            return "unknown host";
        }
        if (problem instanceof FileSystemException file && "Is a directory".equals(file.getReason())) {
            return "'" + file.getFile() + "' is a folder";
        }
        String reason = problem instanceof FileSystemException file ? file.getReason() : problem.getMessage();
        return reason != null ? reason : problem.getClass().getSimpleName();
    }
}
