// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOError;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The standard output. What cannot be written to it ends the program in order, rather than being lost as in System.out.
 */
final class StandardOutput extends OutputStream {
    private final OutputStream stream = new FileOutputStream(FileDescriptor.out);

    /**
     * An error, because a PrintWriter swallows IOExceptions and picocli prints the stack of exceptions met while it
     * prints help.
     */
    static final class LostError extends IOError {
        private final IOException reason;

        LostError(IOException reason) {
            super(reason);
            this.reason = reason;
        }

        /** A pipe's other end was closed: it has what it wanted. */
        boolean readerLeft() {
            return String.valueOf(reason.getMessage()).contains("Broken pipe");
        }

        @Override
        public String getMessage() {
            return "The output cannot be written (" + reason.getMessage()
                    + "); make room or choose another place for it.";
        }
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        try {
            stream.write(bytes, offset, length);
        } catch (IOException reason) {
            throw new LostError(reason);
        }
    }
}
