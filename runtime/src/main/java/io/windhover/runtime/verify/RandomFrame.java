// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.verify;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/**
 * Inputs drawn at random: every code is as likely as any other, and a real number that is quantised first stands for a
 * code. Equal seeds give equal frames.
 */
public record RandomFrame(long seed) implements FrameInput {
    private static final int CODES = 256;

    @Override
    public String name() {
        return "the random frame of seed " + seed;
    }

    @Override
    public void fill(Session session, Frame frame) {
        Graph graph = session.model().graph();
        Random random = new Random(seed);
        for (int input = 0; input < graph.inputs().length; input++) {
            Tensor tensor = graph.tensor(graph.inputs()[input]);
            session.fill(frame, input, draw(graph, tensor, random));
        }
    }

    private static byte[] draw(Graph graph, Tensor tensor, Random random) {
        byte[] bytes = new byte[tensor.bytes()];
        ByteBuffer contents = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        switch (tensor.type()) {
            case INT8, UINT8 -> random.nextBytes(bytes);
            case BITS -> drawBits(tensor, bytes, random);
            case FLOAT32 -> drawReals(graph, tensor, contents, random);
            case BOOL -> {
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) random.nextInt(2);
                }
            }
            case INT32, INT64 -> {
                int width = tensor.type().elementBytes();
                for (int i = 0; i < bytes.length; i += width) {
                    bytes[i] = (byte) random.nextInt(Byte.MAX_VALUE);
                }
            }
        }
        return bytes;
    }

    private static void drawBits(Tensor tensor, byte[] bytes, Random random) {
        random.nextBytes(bytes);
        int channels = tensor.shape().channels();
        int pixelBytes = (channels + 7) / 8;
        int used = channels % 8 == 0 ? 255 : (1 << channels % 8) - 1;
        for (int last = pixelBytes - 1; last < bytes.length; last += pixelBytes) {
            bytes[last] &= (byte) used;
        }
    }

    /** Stands for codes of what quantises it at once; -1 to 1 where nothing does. */
    private static void drawReals(Graph graph, Tensor tensor, ByteBuffer contents, Random random) {
        float scale = 2f / CODES;
        int zero = CODES / 2;
        for (Operator operator : graph.operators()) {
            if (operator instanceof Quantize quantize && quantize.input() == tensor.index()) {
                scale = quantize.scale();
                zero = quantize.zeroPoint()
                        - graph.tensor(quantize.output()).type().minimum();
            }
        }
        while (contents.hasRemaining()) {
            contents.putFloat(scale * (random.nextInt(CODES) - zero));
        }
    }
}
