// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import io.windhover.runtime.image.ImageDecoder;

/** Opens sources. */
public final class Sources {
    private Sources() {}

    /**
     * Opens a source; what it reads from need not be there yet. Requests come over MQTT and are opened by the service.
     *
     * @param decoder of image files
     */
    public static FrameSource open(SourceSettings settings, ImageDecoder decoder) {
        if (settings instanceof SourceSettings.Images images) {
            return new ImagesSource(images, decoder);
        }
        if (settings instanceof SourceSettings.Folder folder) {
            return new FolderSource(folder, decoder);
        }
        if (settings instanceof SourceSettings.Ffmpeg ffmpeg) {
            return new FfmpegSource(ffmpeg);
        }
        if (settings instanceof SourceSettings.Pattern pattern) {
            return new PatternSource(pattern);
        }
        throw new IllegalArgumentException("a source of this kind is not opened here: " + settings);
    }
}
