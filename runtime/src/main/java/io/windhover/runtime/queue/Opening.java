// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.queue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Opens what is there as what it should be: opening a named pipe waits for somebody at its other end. */
final class Opening {
    private Opening() {}

    static void requireFile(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "Is a directory");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("'" + file.getFileName() + "' is no regular file");
        }
    }

    /** To read a file. */
    static FileChannel file(Path file) throws IOException {
        requireFile(file);
        return FileChannel.open(file, StandardOpenOption.READ);
    }

    /** To force the names in a folder. */
    static FileChannel folder(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        return FileChannel.open(folder, StandardOpenOption.READ);
    }
}
