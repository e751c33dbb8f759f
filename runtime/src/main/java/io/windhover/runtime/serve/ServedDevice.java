// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.driver.Capabilities;
import io.windhover.driver.DriverException;
import io.windhover.runtime.Session;
import io.windhover.runtime.exception.DeviceException;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.serve.Resident.Preparation;
import io.windhover.runtime.serve.Resident.Prepared;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device, kept at work. One that failed is opened anew, with growing pauses, and has to run a frame of zeros before
 * it counts as working; a model that it fails at while it works for another one is unfit for a while. The inference
 * thread alone changes it; any thread may ask how it is.
 */
final class ServedDevice implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServedDevice.class);
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** A device that worked for so long may be opened anew at once. */
    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final NodeOutput output;
    private final Runnable progress;
    private final AtomicLong resets = new AtomicLong();
    private volatile @Nullable String trouble;
    private volatile String locator;
    private volatile Map<String, Prepared> models;
    private volatile Map<String, Unfit> unfit = Map.of();
    private volatile @Nullable Capabilities capabilities;
    private @Nullable Resident resident;
    /** The model of the frame that the device failed at last; null when it was opened for another reason. */
    private @Nullable String suspect;

    /** Before the device is opened next; 0 for one that worked long. */
    private long pauseNanos;

    private long nextOpenNanos;
    private long openedNanos = System.nanoTime();

    /** A model that the device fails at, while it works for another one. */
    private record Unfit(String reason, long sinceNanos) {}

    /**
     * Opens the device and loads the models; what is wrong with either is thrown.
     *
     * @param progress called between things that each may take as long as the slowest frame
     */
    ServedDevice(String locator, Preparation preparation, NodeOutput output, Runnable progress) {
        this.output = output;
        this.progress = progress;
        this.locator = locator;
        Resident opened = Resident.open(locator, preparation);
        this.resident = opened;
        this.capabilities = opened.capabilities();
        this.models = opened.models();
        output.accelerator(NodeOutput.PartState.ONLINE);
    }

    String locator() {
        return locator;
    }

    Map<String, Prepared> models() {
        return models;
    }

    /** Resets of this device. */
    long resets() {
        return resets.get();
    }

    /** One sentence; null while the device works. */
    @Nullable
    String trouble() {
        return trouble;
    }

    /** Why frames of this model are refused, one sentence; null where they are run. */
    @Nullable
    String trouble(String model) {
        Unfit found = unfit.get(model);
        return found == null ? null : found.reason();
    }

    /** Makes models for this device. */
    Map<String, Prepared> prepare(Preparation preparation) {
        return preparation.prepare(capabilities);
    }

    boolean isOpen() {
        return resident != null;
    }

    Session session(String model) {
        return Objects.requireNonNull(resident).session(model);
    }

    /** Has these models from now on; where one cannot be loaded, those of before stay. No frame may be in flight. */
    void load(Map<String, Prepared> prepared) {
        if (resident != null) {
            resident.load(prepared);
        }
        models = prepared;
        unfit = Map.of();
    }

    /**
     * Goes to another device. One may be opened once only, so the old one is closed first; it is opened again by and by
     * where the new one fails, whose reason is thrown.
     */
    void move(String newLocator, Preparation preparation) {
        close();
        nextOpenNanos = System.nanoTime();
        Resident opened = Resident.open(newLocator, preparation);
        resident = opened;
        capabilities = opened.capabilities();
        models = opened.models();
        locator = newLocator;
        resets.set(0);
        unfit = Map.of();
        pauseNanos = 0;
        works();
    }

    void countReset() {
        resets.incrementAndGet();
    }

    /** Why a frame of this model is not run; null where it is. After a while one is tried again. */
    @Nullable
    String refusal(String model) {
        Unfit found = unfit.get(model);
        if (found == null) {
            return null;
        }
        if (System.nanoTime() - found.sinceNanos() > LONGEST_PAUSE_NANOS) {
            setUnfit(model, null);
            return null;
        }
        return found.reason();
    }

    private void setUnfit(String model, @Nullable Unfit reason) {
        Map<String, Unfit> changed = new HashMap<>(unfit);
        if (reason == null) {
            changed.remove(model);
        } else {
            changed.put(model, reason);
        }
        unfit = Map.copyOf(changed);
    }

    /** It failed at a frame of this model, after a reset too: it is closed, and opened anew later. */
    void failed(DeviceException failure, String model) {
        LOG.error("{} The device is opened anew.", failure.getMessage());
        suspect = model;
        saysTrouble(String.valueOf(failure.getMessage()));
        close();
        if (System.nanoTime() - openedNanos > STEADY_NANOS) {
            pauseNanos = 0;
        }
        pause();
    }

    /** Sets when the device is opened next: each time later, as long as it does not work for a while. */
    private void pause() {
        nextOpenNanos = System.nanoTime() + pauseNanos;
        pauseNanos = Math.min(Math.max(SHORTEST_PAUSE_NANOS, 2 * pauseNanos), LONGEST_PAUSE_NANOS);
    }

    private void saysTrouble(String sentence) {
        if (trouble == null) {
            output.accelerator(NodeOutput.PartState.OFFLINE);
        }
        trouble = sentence;
    }

    /** Opens it, where its pause is over; else waits for a part of that. */
    void openOrPause(long longestNanos) throws InterruptedException {
        long left = nextOpenNanos - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(Math.min(left, longestNanos));
            return;
        }
        try {
            Resident opened = Resident.open(locator, unused -> models);
            resident = opened;
            if (trouble != null) {
                probe(opened);
            }
            works();
        } catch (DriverException | WindhoverException unusable) {
            if (!String.valueOf(unusable.getMessage()).equals(trouble)) {
                LOG.error("{} The device stays offline until it can be opened.", unusable.getMessage());
            }
            saysTrouble(String.valueOf(unusable.getMessage()));
            close();
            pause();
        }
    }

    /**
     * Throws where the device does not work: for a model other than the one that it failed at, if there is one. Where
     * it fails at that one again, the others need not wait for it.
     */
    private void probe(Resident opened) {
        String failed = suspect;
        String other = models.keySet().stream()
                .filter(key -> !key.equals(failed) && !unfit.containsKey(key))
                .findFirst()
                .orElse(null);
        if (failed == null || other == null || !models.containsKey(failed)) {
            opened.probe(other == null ? models.keySet().iterator().next() : other);
            return;
        }
        opened.probe(other);
        progress.run();
        try {
            opened.probe(failed);
        } catch (DeviceException still) {
            countReset();
            String reason = still.getMessage() + " The device works for model '" + other + "', not for '" + failed
                    + "', whose frames are refused; does its 'timeout' suffice?";
            LOG.error("{}", reason);
            setUnfit(failed, new Unfit(reason, System.nanoTime()));
            pauseNanos = 0;
        }
    }

    private void works() {
        if (trouble != null) {
            LOG.info("The device works again.");
            output.accelerator(NodeOutput.PartState.ONLINE);
        }
        trouble = null;
        openedNanos = System.nanoTime();
    }

    @Override
    public void close() {
        Resident open = resident;
        resident = null;
        if (open != null) {
            try {
                open.close();
            } catch (DriverException unclosable) {
                LOG.error("{}", unclosable.getMessage());
            }
        }
    }
}
