// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.driver.ServiceManager;
import io.windhover.runtime.serve.monitor.NodeState;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd that the service is ready, how it is, and, as long as the inference thread makes progress, that it is
 * alive. Without a service manager it does nothing.
 */
public final class Supervision implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervision.class);
    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    /** As systemd advises: twice within the time that it waits. */
    private static final int TIMES = 2;

    private final Service service;
    private final @Nullable String socket;
    private final long pauseMillis;
    private final Thread thread = new Thread(this::work, "windhover-supervision");

    private Supervision(Service service, Map<String, String> environment) {
        this.service = service;
        this.socket = environment.get("NOTIFY_SOCKET");
        this.pauseMillis = pause(environment.get("WATCHDOG_USEC"));
    }

    /** For the service manager that the environment names. */
    public static Supervision of(Service service, Map<String, String> environment) {
        return new Supervision(service, environment);
    }

    /** Says that the service is ready, and from now on how it is. */
    public void ready() {
        if (socket != null) {
            say("READY=1\n" + status());
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static long pause(@Nullable String watchdogMicros) {
        try {
            return watchdogMicros == null
                    ? LONGEST_PAUSE_MILLIS
                    : Math.max(
                            1,
                            Math.min(
                                    LONGEST_PAUSE_MILLIS,
                                    TimeUnit.MICROSECONDS.toMillis(Long.parseLong(watchdogMicros)) / TIMES));
        } catch (NumberFormatException unusable) {
            return LONGEST_PAUSE_MILLIS;
        }
    }

    private void work() {
        try {
            while (true) {
                Thread.sleep(pauseMillis);
                say((service.isAlive() ? "WATCHDOG=1\n" : "") + status());
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private String status() {
        return status(service.state(), service.frames());
    }

    static String status(NodeState state, long frames) {
        NodeState.BrokerState broker = state.broker();
        String device = state.device().trouble() == null ? "" : ", the device is offline";
        String link = broker == null || broker.connected() ? "" : ", the broker is away";
        return "STATUS=" + counted(state.streams().size(), "stream") + ", " + counted(frames, "frame") + device + link;
    }

    private static String counted(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    private void say(String state) {
        if (socket != null && !ServiceManager.notify(socket, state)) {
            LOG.debug("the service manager did not take {}", state);
        }
    }

    /** Says that the service is stopping. */
    @Override
    public void close() {
        if (socket != null) {
            thread.interrupt();
            say("STOPPING=1");
        }
    }
}
