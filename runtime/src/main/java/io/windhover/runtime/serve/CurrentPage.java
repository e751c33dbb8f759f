// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.serve.configuration.HttpConfiguration;
import io.windhover.runtime.serve.http.NodeServer;
import io.windhover.runtime.serve.monitor.NodeView;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node's page: at one address at a time, and there again when an address that was lost is. */
final class CurrentPage implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CurrentPage.class);

    private final NodeView view;
    private @Nullable HttpConfiguration wanted;
    private volatile @Nullable NodeServer server;

    CurrentPage(NodeView view) {
        this.view = view;
    }

    /** Has the port from here on; clients wait there until it begins. Null stands for no page. */
    synchronized void open(@Nullable HttpConfiguration http) {
        server = http == null ? null : NodeServer.open(http, view);
        wanted = http;
    }

    synchronized void begin() {
        NodeServer opened = server;
        if (opened != null) {
            opened.begin();
        }
    }

    /** Its port; 0 where it has none. */
    int port() {
        NodeServer current = server;
        return current == null ? 0 : current.port();
    }

    /**
     * It listens at its port alone, so the old one ends first. Where the new one cannot begin, a
     * {@link WindhoverException} says why, and the old one is back.
     */
    synchronized void become(@Nullable HttpConfiguration next) {
        if (Objects.equals(wanted, next)) {
            return;
        }
        HttpConfiguration before = wanted;
        end();
        try {
            start(next);
        } catch (WindhoverException refused) {
            goBack(before);
            throw refused;
        }
        if (next != null) {
            LOG.info("The page is at http://{}:{} now.", next.host(), port());
        }
    }

    /** As {@link #become}, but what keeps it from listening is only said: it is tried again. */
    synchronized void goBack(@Nullable HttpConfiguration before) {
        if (server != null && Objects.equals(wanted, before)) {
            return;
        }
        end();
        try {
            start(before);
        } catch (WindhoverException gone) {
            wanted = before;
            LOG.warn("There is no page until its address is back: {}", gone.getMessage());
        }
    }

    /** Begins it where its address was lost and is there again. */
    synchronized void watch() {
        HttpConfiguration lost = server == null ? wanted : null;
        if (lost != null) {
            try {
                start(lost);
                LOG.info("The page is at http://{}:{} again.", lost.host(), port());
            } catch (WindhoverException stillGone) {
                LOG.debug("no page yet: {}", stillGone.getMessage());
            }
        }
    }

    private void start(@Nullable HttpConfiguration http) {
        server = http == null ? null : NodeServer.start(http, view);
        wanted = http;
    }

    private void end() {
        NodeServer old = server;
        server = null;
        if (old != null) {
            old.close();
        }
    }

    @Override
    public synchronized void close() {
        end();
        wanted = null;
    }
}
