// SPDX-License-Identifier: Apache-2.0
package io.windhover.benchmark;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A protobuf message being written, field by field. */
final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream output = CodedOutputStream.newInstance(bytes);

    /** Writes with the library, whose exceptions memory never causes. */
    private interface Writing {
        void to(CodedOutputStream output) throws IOException;
    }

    private Message write(Writing writing) {
        try {
            writing.to(output);
            output.flush();
            return this;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    Message integer(int field, long value) {
        return write(to -> to.writeInt64(field, value));
    }

    Message integers(int field, long... values) {
        for (long value : values) {
            integer(field, value);
        }
        return this;
    }

    Message text(int field, String value) {
        return write(to -> to.writeString(field, value));
    }

    Message raw(int field, byte[] value) {
        return write(to -> to.writeByteArray(field, value));
    }

    Message message(int field, Message value) {
        return raw(field, value.toBytes());
    }

    static byte[] floats(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer.array();
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
