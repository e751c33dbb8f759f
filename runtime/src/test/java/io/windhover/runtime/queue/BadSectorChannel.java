// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file some of whose bytes cannot be read: a read ends before them, and fails from there on up to their end. */
final class BadSectorChannel extends FileChannel {
    private final byte[] file;
    private final long badFrom;
    private final long badTo;

    BadSectorChannel(byte[] file, long badFrom, long badTo) {
        this.file = file;
        this.badFrom = badFrom;
        this.badTo = badTo;
    }

    @Override
    public int read(ByteBuffer bytes, long from) throws IOException {
        if (from >= badFrom && from < badTo) {
            throw new IOException("Input/output error");
        }
        if (from >= file.length) {
            return -1;
        }
        long end = from < badFrom ? Math.min(badFrom, file.length) : file.length;
        int count = (int) Math.min(bytes.remaining(), end - from);
        bytes.put(file, (int) from, count);
        return count;
    }

    @Override
    public long size() {
        return file.length;
    }

    @Override
    protected void implCloseChannel() {}

    @Override
    public int read(ByteBuffer bytes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] bytes, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer bytes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] bytes, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer bytes, long position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel truncate(long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void force(boolean metaData) {}

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }
}
