// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import static io.windhover.models.ModelException.require;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import io.windhover.models.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A weights file of a network trained here: "WHNET001", the header's length (unsigned 32 bits), the header in JSON, raw
 * data. All little-endian. Written by {@code models/recipes/container.py}.
 */
final class Container {
    private static final byte[] MAGIC = "WHNET001".getBytes(StandardCharsets.US_ASCII);
    private static final int PREFIX_BYTES = MAGIC.length + Integer.BYTES;

    /** Where a tensor's values lie; {@code offset} in bytes from the start of the data, {@code count} in values. */
    record Reference(int offset, int count, String type) {}

    /** What a layer writes: int8 codes of this scale, zero point and clamp, or bits by threshold and direction. */
    record Output(
            String type,
            float scale,
            int zero_point,
            int @Nullable [] clamp,
            @Nullable Reference threshold,
            @Nullable Reference invert) {}

    /** One layer; fields its operator does not have are null or 0. Padding is top, left, bottom, right. */
    record Layer(
            String operator,
            String name,
            int channels,
            int kernel,
            int stride,
            int @Nullable [] padding,
            @Nullable Reference weights,
            @Nullable Reference weight_scales,
            @Nullable Reference bias,
            @Nullable Output output) {}

    /** The picture that goes in. */
    record Input(int height, int width, int channels, float scale, int zero_point) {}

    /** Pixels 0..255 to real numbers: (pixel - mean) / deviation. */
    record Pixels(float mean, float deviation) {}

    /** The header as the file spells it. */
    record Header(String name, String[] labels, Pixels preprocessing, Input input, Layer[] layers) {}

    private final String source;
    private final Header header;
    private final ByteBuffer data;

    private Container(String source, Header header, ByteBuffer data) {
        this.source = source;
        this.header = header;
        this.data = data;
    }

    /** Reads the resource {@code name}.weights that lies beside this class. */
    static Container resource(String name) {
        String file = name + ".weights";
        try (InputStream stream = Container.class.getResourceAsStream(file)) {
            require(
                    stream != null,
                    "This build lacks the weights file '%s'; build it again from a complete checkout.",
                    file);
            return read(file, stream.readAllBytes());
        } catch (IOException problem) {
            throw new ModelException("The weights file '" + file + "' cannot be read; build again.", problem);
        }
    }

    static Container read(String source, byte[] contents) {
        require(
                contents.length >= PREFIX_BYTES && Arrays.equals(contents, 0, MAGIC.length, MAGIC, 0, MAGIC.length),
                "'%s' is not a weights file.",
                source);
        int length = ByteBuffer.wrap(contents).order(ByteOrder.LITTLE_ENDIAN).getInt(MAGIC.length);
        require(length >= 0 && length <= contents.length - PREFIX_BYTES, "The header of '%s' is cut off.", source);
        try {
            String text = new String(contents, PREFIX_BYTES, length, StandardCharsets.UTF_8);
            int start = PREFIX_BYTES + length;
            ByteBuffer data =
                    ByteBuffer.wrap(contents, start, contents.length - start).slice();
            Header header = new Gson().fromJson(text, Header.class);
            require(header != null, "The header of '%s' is empty.", source);
            return new Container(source, header, data.order(ByteOrder.LITTLE_ENDIAN));
        } catch (JsonSyntaxException problem) {
            throw new ModelException("The header of '" + source + "' is not the JSON it should be.", problem);
        }
    }

    Header header() {
        return header;
    }

    /** The bytes of an int8 or bits tensor. */
    byte[] bytes(@Nullable Reference reference) {
        ByteBuffer found = slice(reference, Byte.BYTES, "int8", "bits");
        byte[] values = new byte[found.remaining()];
        found.get(values);
        return values;
    }

    int[] integers(@Nullable Reference reference) {
        IntBuffer found = slice(reference, Integer.BYTES, "int32").asIntBuffer();
        int[] values = new int[found.remaining()];
        found.get(values);
        return values;
    }

    float[] floats(@Nullable Reference reference) {
        FloatBuffer found = slice(reference, Float.BYTES, "float32").asFloatBuffer();
        float[] values = new float[found.remaining()];
        found.get(values);
        return values;
    }

    private ByteBuffer slice(@Nullable Reference reference, int elementBytes, String... types) {
        if (reference == null || !Arrays.asList(types).contains(reference.type())) {
            throw new ModelException(
                    String.format("A tensor of '%s' is not of type %s.", source, String.join(" or ", types)));
        }
        long bytes = (long) reference.count() * elementBytes;
        require(
                reference.offset() >= 0 && reference.count() >= 0 && reference.offset() + bytes <= data.capacity(),
                "A tensor of '%s' lies outside its %d bytes of data.",
                source,
                data.capacity());
        return data.slice(reference.offset(), (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
