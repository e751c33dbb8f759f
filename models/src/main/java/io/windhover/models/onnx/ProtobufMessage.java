// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.windhover.models.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * A cursor over the fields of one protobuf message. A field that is not read is skipped. Whatever the bytes say, a read
 * past the message's end is a {@link ModelException}, and nothing is allocated beyond the bytes that are there.
 */
final class ProtobufMessage {
    private final byte[] file;
    private final int start;
    private final int length;
    private final CodedInputStream input;
    private int tag;
    private boolean unread;

    private ProtobufMessage(byte[] file, int start, int length) {
        this.file = file;
        this.start = start;
        this.length = length;
        this.input = CodedInputStream.newInstance(file, start, length);
    }

    static ProtobufMessage root(byte[] file) {
        return new ProtobufMessage(file, 0, file.length);
    }

    @FunctionalInterface
    private interface Read<T> {
        T from(CodedInputStream input) throws IOException;
    }

    private <T> T read(Read<T> read) {
        try {
            return read.from(input);
        } catch (IOException problem) {
            throw new ModelException(
                    "The file is damaged near byte " + (start + input.getTotalBytesRead()) + ": "
                            + problem.getMessage(),
                    problem);
        }
    }

    /** Moves to the next field; false at the end of the message. */
    boolean next() {
        if (unread) {
            ModelException.require(
                    wire() != WireFormat.WIRETYPE_START_GROUP && wire() != WireFormat.WIRETYPE_END_GROUP,
                    "The file is damaged near byte %d: it holds a protobuf group.",
                    start + input.getTotalBytesRead());
            read(source -> source.skipField(tag));
        }
        tag = read(CodedInputStream::readTag);
        unread = tag != 0;
        return unread;
    }

    /** Number of the current field. */
    int field() {
        return WireFormat.getTagFieldNumber(tag);
    }

    private int wire() {
        return WireFormat.getTagWireType(tag);
    }

    private void expect(int wireType) {
        ModelException.require(
                wire() == wireType,
                "The file is damaged near byte %d: field %d has wire type %d instead of %d.",
                start + input.getTotalBytesRead(),
                field(),
                wire(),
                wireType);
        unread = false;
    }

    long integer() {
        expect(WireFormat.WIRETYPE_VARINT);
        return read(CodedInputStream::readRawVarint64);
    }

    int int32() {
        long value = integer();
        ModelException.require(
                value == (int) value,
                "The file is damaged: field %d holds %d, which does not fit 32 bits.",
                field(),
                value);
        return (int) value;
    }

    float real() {
        expect(WireFormat.WIRETYPE_FIXED32);
        return read(CodedInputStream::readFloat);
    }

    private int skipLengthDelimited() {
        expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int bytes = read(CodedInputStream::readRawVarint32);
        int at = input.getTotalBytesRead();
        ModelException.require(
                bytes >= 0 && bytes <= length - at,
                "The file is damaged near byte %d: a field of %d bytes does not fit; fetch it again.",
                start + at,
                bytes);
        read(source -> {
            source.skipRawBytes(bytes);
            return true;
        });
        return bytes;
    }

    /** The message in the current field. */
    ProtobufMessage message() {
        int bytes = skipLengthDelimited();
        return new ProtobufMessage(file, start + input.getTotalBytesRead() - bytes, bytes);
    }

    /** The bytes of the current field: a view of the file, little-endian. */
    ByteBuffer bytes() {
        int bytes = skipLengthDelimited();
        return ByteBuffer.wrap(file, start + input.getTotalBytesRead() - bytes, bytes)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Text as it stands in the file: names are identities, so that no two may become one. */
    String text() {
        return StandardCharsets.UTF_8.decode(bytes()).toString();
    }

    /** Every integer of a repeated field, packed or not. */
    void integers(LongConsumer consumer) {
        if (wire() == WireFormat.WIRETYPE_VARINT) {
            consumer.accept(integer());
            return;
        }
        ProtobufMessage packed = message();
        while (packed.input.getTotalBytesRead() < packed.length) {
            consumer.accept(packed.read(CodedInputStream::readRawVarint64));
        }
    }

    /** The bytes of a repeated field of fixed-size numbers: all of them when packed, otherwise one. */
    ByteBuffer fixed(int elementBytes) {
        if (wire() == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            ByteBuffer packed = bytes();
            ModelException.require(
                    packed.remaining() % elementBytes == 0,
                    "The file is damaged: field %d holds %d bytes, no multiple of %d.",
                    field(),
                    packed.remaining(),
                    elementBytes);
            return packed;
        }
        expect(elementBytes == Float.BYTES ? WireFormat.WIRETYPE_FIXED32 : WireFormat.WIRETYPE_FIXED64);
        int at = start + input.getTotalBytesRead();
        ModelException.require(
                elementBytes <= length - input.getTotalBytesRead(),
                "The file ends within field %d; fetch it again.",
                field());
        read(source -> {
            source.skipRawBytes(elementBytes);
            return true;
        });
        return ByteBuffer.wrap(file, at, elementBytes).slice().order(ByteOrder.LITTLE_ENDIAN);
    }
}
