package io.windhover.runtime.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Examples of equal size in one file after another.
 *
 * @param files       read in this order
 * @param headerBytes skipped at the start of every file
 * @param recordBytes of one example
 * @param perFile     examples in every file
 * @param decoder     makes an example of its number and its bytes
 */
record Records(List<Path> files, int headerBytes, int recordBytes, int perFile, List<String> classes, Decoder decoder) implements Dataset {
    /** Makes an example. */
    @FunctionalInterface
    interface Decoder {
        Example decode(int number, byte[] bytes);
    }

    @Override
    public int size() {
        return files.size() * perFile;
    }

    @Override
    public Stream<Example> examples() {
        Reader reader = new Reader();
        return IntStream.range(0, size()).mapToObj(reader::read).onClose(reader::close);
    }

    /** Goes through the files, one open at a time. */
    private final class Reader {
        private @Nullable DataFile file;

        Example read(int number) {
            if (number % perFile == 0 || file == null) {
                close();
                file = DataFile.open(files.get(number / perFile));
                file.read(headerBytes);
            }
            return decoder.decode(number, file.read(recordBytes));
        }

        void close() {
            if (file != null) {
                file.close();
            }
        }
    }
}
