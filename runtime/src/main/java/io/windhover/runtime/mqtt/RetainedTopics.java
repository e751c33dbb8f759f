// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import io.windhover.models.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node has retained at its brokers. A file remembers it, a line {@code BROKER TOPIC} each, so that what the node
 * no longer publishes is removed also where the broker was away when that was decided.
 */
public final class RetainedTopics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RetainedTopics.class);
    private static final Pattern LINE = Pattern.compile("([^\\s\\uFFFD]+) ([^+#\\x00\\uFFFD]{1,1000})");
    private static final long LARGEST_BYTES = 1 << 20;

    private final Publisher publisher;
    private final String broker;
    private final Path file;
    private final Map<String, Set<String>> byBroker;
    /** Not yet removed, as far as we know. */
    private final Set<String> leaving = ConcurrentHashMap.newKeySet();

    private final Executor later;
    private Set<String> kept;

    /**
     * Removes from the publisher's broker what an earlier node retained there and this one will not.
     *
     * @param kept what this one will retain
     * @param later runs what may block
     */
    public RetainedTopics(Publisher publisher, BrokerAddress broker, Path file, Set<String> kept, Executor later) {
        this.publisher = publisher;
        this.broker = broker.toString();
        this.file = file;
        this.later = later;
        this.byBroker = read(file);
        this.kept = byBroker.getOrDefault(this.broker, Set.of());
        keep(kept);
    }

    /** Removes all of it. */
    public void leave() {
        keep(Set.of());
    }

    private synchronized void keep(Set<String> wanted) {
        leaving.addAll(kept);
        leaving.removeAll(wanted);
        kept = wanted;
        write();
        leaving.forEach(topic -> publisher.remove(topic, () -> removed(topic)));
    }

    /** Remembered any longer, it would be taken from another node that uses the name from now on. */
    private void removed(String topic) {
        if (leaving.remove(topic) && leaving.isEmpty()) {
            later.execute(this::write);
        }
    }

    private static Map<String, Set<String>> read(Path file) {
        Map<String, Set<String>> all = new TreeMap<>();
        int damaged = 0;
        try {
            if (Files.isRegularFile(file) && Files.size(file) > LARGEST_BYTES) {
                throw new IOException("it has more than " + LARGEST_BYTES + " bytes");
            }
            byte[] bytes = Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
            // What is no UTF-8 becomes U+FFFD.
            for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
                Matcher parts = LINE.matcher(line);
                if (parts.matches()) {
                    all.computeIfAbsent(parts.group(1), unused -> new TreeSet<>())
                            .add(parts.group(2));
                } else {
                    damaged++;
                }
            }
            if (damaged > 0) {
                LOG.warn("{} lines of '{}' are damaged; what they named stays retained.", damaged, file);
            }
        } catch (IOException unreadable) {
            LOG.warn("'{}' cannot be read ({}); what it names stays retained.", file, Reason.of(unreadable));
        }
        return all;
    }

    private synchronized void write() {
        Set<String> here = new TreeSet<>(kept);
        here.addAll(leaving);
        byBroker.put(broker, here);
        Set<String> lines = new TreeSet<>();
        byBroker.forEach((of, topics) -> topics.forEach(topic -> lines.add(of + " " + topic)));
        try {
            if (lines.isEmpty()) {
                Files.deleteIfExists(file);
                return;
            }
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Path next = file.resolveSibling(file.getFileName() + ".new");
            if (Files.isDirectory(next, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("'" + next.getFileName() + "' is a folder");
            }
            // Not opened: a named pipe would wait for somebody who reads it.
            Files.deleteIfExists(next);
            Files.write(next, lines, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException unwritable) {
            LOG.warn(
                    "'{}' cannot be written ({}); a later start cannot remove what this one retains.",
                    file,
                    Reason.of(unwritable));
        }
    }

    /** Forgets what the broker has removed; to be called when the publisher has delivered what it could. */
    @Override
    public void close() {
        write();
    }
}
