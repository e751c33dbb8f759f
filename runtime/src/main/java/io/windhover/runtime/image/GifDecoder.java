// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import org.w3c.dom.Element;

/** GIF: the first frame, where it lies on the screen that the file describes. */
final class GifDecoder {
    private static final int HEADER_BYTES = 13;
    private static final int WIDTH_OFFSET = 6;
    private static final int HEIGHT_OFFSET = 8;

    private GifDecoder() {}

    static Pixels decode(EncodedImage source) throws IOException {
        if (source.bytes().length < HEADER_BYTES) {
            throw source.damaged();
        }
        return source.read(reader -> decode(reader, source)).pixels();
    }

    private static Levels decode(ImageReader reader, EncodedImage source) throws IOException {
        IIOMetadataNode fields = (IIOMetadataNode) reader.getImageMetadata(0).getAsTree("javax_imageio_gif_image_1.0");
        Element descriptor =
                (Element) fields.getElementsByTagName("ImageDescriptor").item(0);
        int left = number(descriptor, "imageLeftPosition");
        int top = number(descriptor, "imageTopPosition");
        int frameWidth = number(descriptor, "imageWidth");
        int frameHeight = number(descriptor, "imageHeight");
        source.checkSize(frameWidth, frameHeight);
        ByteBuffer header = ByteBuffer.wrap(source.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        int width = Math.max(header.getShort(WIDTH_OFFSET) & 0xFFFF, left + frameWidth);
        int height = Math.max(header.getShort(HEIGHT_OFFSET) & 0xFFFF, top + frameHeight);
        Levels frame = Levels.of(reader.read(0), source);
        if (width == frameWidth && height == frameHeight) {
            return frame;
        }
        source.checkSize(width, height);
        return frame.onCanvas(width, height, left, top);
    }

    private static int number(Element element, String name) {
        return Integer.parseInt(element.getAttribute(name));
    }
}
