// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.detection.Decode;
import io.windhover.runtime.detection.Detection;
import io.windhover.runtime.detection.Detector;
import io.windhover.runtime.engine.Engine;
import io.windhover.runtime.exception.ClassificationException;
import io.windhover.runtime.exception.DetectionException;
import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.image.ImageDecoder;
import io.windhover.runtime.image.ImageOptions;
import io.windhover.runtime.image.PixelScale;
import io.windhover.runtime.image.Pixels;
import io.windhover.runtime.image.Preprocessor;
import io.windhover.runtime.image.View;
import io.windhover.runtime.model.Model;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One model, resident on one device. {@link #classify(Path)} does everything for one image. For a stream, take a frame
 * with {@link #frame}, fill it while the one before is accelerated, then {@link #submit} and {@link #await}:
 * {@link #FRAMES} frames may be in flight. For use by one thread at a time; the device may carry several sessions.
 */
public final class Session implements AutoCloseable {
    /** Frames that may be in flight. */
    public static final int FRAMES = Engine.SLOTS;

    public static final int DEFAULT_TOP = 5;

    private final Device device;
    private final Model model;
    private final Engine engine;
    private final Frame[] frames = new Frame[FRAMES];
    private final ImageDecoder decoder;
    private final ImageOptions image;
    private final boolean isDetector;
    private @Nullable Preprocessor preprocessor;
    private @Nullable Ranking ranking;
    private @Nullable Detector detector;
    private int next;
    private boolean closed;

    Session(Device device, Model model, Engine engine, SessionOptions options) {
        this.device = device;
        this.model = model;
        this.engine = engine;
        this.decoder = new ImageDecoder(options.limits().imagePixels());
        this.image = options.image();
        this.isDetector = model.isDetector();
        for (int slot = 0; slot < FRAMES; slot++) {
            frames[slot] = new Frame(this, slot);
        }
    }

    public Model model() {
        return model;
    }

    public Device device() {
        return device;
    }

    Engine engine() {
        if (closed) {
            throw new IllegalStateException("the session of model '" + model.name() + "' is closed");
        }
        return engine;
    }

    /**
     * Decodes, runs and ranks one image; the five most probable classes. Only for classifiers ({@link Model#classes}).
     */
    public Classification classify(Path image) {
        return classify(image, DEFAULT_TOP);
    }

    /** Decodes, runs and ranks one image; at most {@code count} classes. */
    public Classification classify(Path image, int count) {
        model.classes();
        Frame frame = frame();
        fill(frame, image);
        submit(frame);
        await(frame);
        return classification(frame, count);
    }

    /** The next frame to fill: frames are handed out in turn. Throws when it is still in flight; await it first. */
    public Frame frame() {
        Frame frame = frames[next];
        if (frame.state == Frame.State.SUBMITTED) {
            throw new IllegalStateException("all " + FRAMES + " frames are in flight; await the oldest first");
        }
        engine();
        next = (next + 1) % FRAMES;
        frame.state = Frame.State.FREE;
        frame.view = null;
        frame.decodeNanos = 0;
        frame.preprocessNanos = 0;
        return frame;
    }

    /** Decodes an image file into the frame's first input. */
    public void fill(Frame frame, Path image) {
        long start = System.nanoTime();
        Pixels pixels = decoder.decode(image);
        frame.decodeNanos = System.nanoTime() - start;
        fill(frame, pixels);
    }

    /** Decodes an encoded image into the frame's first input; name is used in messages. */
    public void fill(Frame frame, byte[] encodedImage, String name) {
        long start = System.nanoTime();
        Pixels pixels = decoder.decode(encodedImage, name);
        frame.decodeNanos = System.nanoTime() - start;
        fill(frame, pixels);
    }

    /** Resizes and quantises pixels, which took so long to decode, into the frame's first input. */
    public void fill(Frame frame, Pixels pixels, long decodeNanos) {
        frame.decodeNanos = decodeNanos;
        fill(frame, pixels);
    }

    /** Resizes and quantises pixels into the frame's first input. */
    public void fill(Frame frame, Pixels pixels) {
        long start = System.nanoTime();
        if (preprocessor == null) {
            preprocessor = new Preprocessor(model.image(), PixelScale.of(model.graph()), image);
        }
        preprocessor.write(pixels, frame.input(0));
        frame.view = preprocessor.view(pixels);
        frame.preprocessNanos = System.nanoTime() - start;
    }

    /** Copies raw bytes, in the tensor's own type and layout, into input {@code index}; reals must be finite. */
    public void fill(Frame frame, int index, byte[] bytes) {
        Tensor tensor = model.graph().tensor(model.graph().inputs()[index]);
        if (bytes.length != tensor.bytes()) {
            throw new InputException("Input " + index + " of model '" + model.name() + "', " + tensor + ", takes "
                    + tensor.bytes() + " bytes, not " + bytes.length + "; give just as many.");
        }
        if (tensor.type() == TensorType.FLOAT32) {
            requireFinite(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer(), tensor, index);
        }
        frame.input(index).put(0, bytes);
        frame.view = null;
    }

    private void requireFinite(FloatBuffer reals, Tensor tensor, int index) {
        for (int i = 0; i < reals.limit(); i++) {
            if (!Float.isFinite(reals.get(i))) {
                throw new InputException("Input " + index + " of model '" + model.name() + "', " + tensor
                        + ", is given " + reals.get(i) + " at element " + i + "; check how its bytes were made.");
            }
        }
    }

    /** Queues a filled frame and returns at once. */
    public void submit(Frame frame) {
        if (frame.state == Frame.State.SUBMITTED) {
            throw new IllegalStateException("the frame is in flight already");
        }
        frame.submittedAtNanos = System.nanoTime();
        engine().submit(frame.slot());
        frame.state = Frame.State.SUBMITTED;
    }

    /** Waits until the frame is done. Frames are done in the order of their submission. */
    public void await(Frame frame) {
        if (frame.state != Frame.State.SUBMITTED) {
            throw new IllegalStateException("the frame was not submitted");
        }
        frame.state = Frame.State.FREE;
        engine().await(frame.slot());
        frame.accelerateNanos = System.nanoTime() - frame.submittedAtNanos;
        frame.state = Frame.State.DONE;
    }

    /**
     * Ranks an awaited frame's output; at most {@code count} classes. A {@link ClassificationException} says why where
     * it gives none: the model is no classifier, or a score is no finite number.
     */
    public Classification classification(Frame frame, int count) {
        return classification(frame, count, Double.NEGATIVE_INFINITY);
    }

    /** As {@link #classification(Frame, int)}, without the classes less probable than {@code least}. */
    public Classification classification(Frame frame, int count, double least) {
        long start = System.nanoTime();
        return classification(frame, ranking().top(frame.output(0), count, least), System.nanoTime() - start);
    }

    /** Ranks a copy of a frame's output; refuses as {@link #classification(Frame, int)} does. */
    public List<Classification.Score> ranked(byte[] output, int count) {
        return ranking().top(ByteBuffer.wrap(output).order(ByteOrder.LITTLE_ENDIAN), count, Double.NEGATIVE_INFINITY);
    }

    /** Writes the probability of each class into an array of {@link Model#classes}; refuses as ranking does. */
    public void probabilities(Frame frame, double[] into) {
        ranking().probabilities(frame.output(0), into);
    }

    /** The same of probabilities that were made from this session's, such as their means over frames. */
    public Classification classification(Frame frame, double[] probabilities, int count, double least) {
        long start = System.nanoTime();
        return classification(frame, ranking().top(probabilities, count, least), System.nanoTime() - start);
    }

    /** Decodes, runs and looks through one image. Only for detectors ({@link Model#isDetector}). */
    public Detections detect(Path image) {
        Detector unused = detector();
        Frame frame = frame();
        fill(frame, image);
        submit(frame);
        await(frame);
        return detections(frame);
    }

    /**
     * What an awaited frame holds: boxes in pixels of its picture, or of the input where it was given as bytes. A
     * {@link io.windhover.runtime.exception.DetectionException} says why where there are none: the outputs are not what
     * the model's decode description says, or not finite.
     */
    public Detections detections(Frame frame) {
        long start = System.nanoTime();
        Shape input = model.graph().tensor(model.graph().inputs()[0]).shape();
        View view = frame.view == null ? View.whole(input.width(), input.height()) : frame.view;
        List<Detection> found = detector().detect(frame::output, view);
        return new Detections(
                view.pictureWidth(), view.pictureHeight(), found, timings(frame, System.nanoTime() - start));
    }

    /** Whether its frames have {@link #detections}. */
    public boolean isDetector() {
        return isDetector;
    }

    private Detector detector() {
        if (detector == null) {
            Decode decode = model.detector();
            if (decode == null) {
                throw new DetectionException("Model '" + model.name()
                        + "' is not known to be a detector; say what kind it is (--decode, or Model.with).");
            }
            detector = Detector.of(model.graph(), decode);
        }
        return detector;
    }

    private Ranking ranking() {
        if (ranking == null) {
            model.classes();
            ranking = new Ranking(model.graph());
        }
        return ranking;
    }

    private static Classification classification(Frame frame, List<Classification.Score> top, long classifyNanos) {
        return new Classification(top, timings(frame, classifyNanos));
    }

    /** Where the time of an awaited frame went so far. */
    public Classification.Timings timings(Frame frame) {
        return timings(frame, 0);
    }

    private static Classification.Timings timings(Frame frame, long classifyNanos) {
        return new Classification.Timings(
                frame.decodeNanos / 1000,
                frame.preprocessNanos / 1000,
                frame.accelerateNanos / 1000,
                classifyNanos / 1000);
    }

    /** Bytes of one activation of an awaited frame, NHWC; only in a session that keeps all tensors. */
    public byte[] activation(Frame frame, int tensorIndex) {
        return engine().activation(frame.slot(), tensorIndex);
    }

    /** Frees the device's memory; frames must not be used any more. May be called more than once. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            engine.close();
        }
    }
}
