// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.driver.Capabilities;
import io.windhover.runtime.Device;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A device with the models that are loaded onto it. For the inference thread only. */
final class Resident implements AutoCloseable {
    private final Device device;
    private final Map<String, Session> sessions = new HashMap<>();
    private final Map<String, Prepared> models = new LinkedHashMap<>();

    /**
     * A model that was read, compiled and checked.
     *
     * @param identity changes with anything that makes its results others
     */
    record Prepared(Model model, SessionOptions options, String identity) {}

    private Resident(Device device) {
        this.device = device;
    }

    /** Makes the models for an accelerator; gets null where the device has none. */
    interface Preparation {
        Map<String, Prepared> prepare(@Nullable Capabilities capabilities);
    }

    static Resident open(String locator, Preparation preparation) {
        Resident resident = new Resident(Device.open(locator));
        try {
            resident.load(preparation.prepare(resident.capabilities()));
            return resident;
        } catch (RuntimeException | Error failure) {
            resident.close();
            throw failure;
        }
    }

    @Nullable
    Capabilities capabilities() {
        return device.capabilities().orElse(null);
    }

    Map<String, Prepared> models() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(models));
    }

    /** Has these models and no others; where one cannot be loaded, those of before stay. No frame may be in flight. */
    void load(Map<String, Prepared> wanted) {
        Map<String, Session> added = new HashMap<>();
        try {
            wanted.forEach((key, prepared) -> {
                if (!isLoaded(key, prepared)) {
                    added.put(key, device.load(prepared.model(), prepared.options()));
                }
            });
        } catch (RuntimeException | Error failure) {
            added.values().forEach(Session::close);
            throw failure;
        }
        models.forEach((key, old) -> {
            Prepared other = wanted.get(key);
            if (other == null || added.containsKey(key)) {
                session(key).close();
                sessions.remove(key);
            }
        });
        sessions.putAll(added);
        models.clear();
        models.putAll(wanted);
    }

    private boolean isLoaded(String key, Prepared prepared) {
        Prepared old = models.get(key);
        return old != null && old.identity().equals(prepared.identity());
    }

    /** Runs a frame of zeros, which shows whether the device works for a model. No frame may be in flight. */
    void probe(String key) {
        Session session = session(key);
        Frame frame = session.frame();
        session.fill(frame, 0, new byte[session.model().image().bytes()]);
        session.submit(frame);
        session.await(frame);
    }

    Session session(String key) {
        Session session = sessions.get(key);
        if (session == null) {
            throw new WindhoverException("Model '" + key + "' is not loaded any more.");
        }
        return session;
    }

    @Override
    public void close() {
        device.close();
    }
}
