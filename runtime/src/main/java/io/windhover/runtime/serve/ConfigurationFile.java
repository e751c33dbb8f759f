// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.runtime.serve.configuration.ModelConfiguration;
import io.windhover.runtime.serve.configuration.ServiceConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service's configuration on disk. It is read again when it, or a model, labels or a {@code ${file:PATH}} that it
 * names have changed, and when {@link #reload} is called. Where that cannot be used the service goes on as before, and
 * the log says why.
 */
public final class ConfigurationFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationFile.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Path file;
    private final Map<String, String> environment;
    private final Duration interval;
    private final Thread watcher = new Thread(this::watch, "windhover-configuration");
    private ServiceConfiguration read;
    /** That a value of it names, or of one that could not be used. */
    private final Set<Path> consulted = new TreeSet<>();
    /** Of the files that are in use, taken before they were read. */
    private Map<Path, String> used;

    /** Somebody waits for it to be read, and it has not begun. */
    private final AtomicBoolean asked = new AtomicBoolean();
    /** Of the last reload. */
    private @Nullable String said;

    private long saidNanos;
    private @Nullable Service service;
    private volatile boolean closed;

    private ConfigurationFile(Path file, Map<String, String> environment, Duration interval) {
        this.file = file;
        this.environment = environment;
        this.interval = interval;
        Map<Path, String> stamps = new TreeMap<>(Map.of(file, stamp(file)));
        this.read = readAgain(stamps);
        this.used = look();
        used.putAll(stamps);
    }

    /**
     * Reads a file; a {@link io.windhover.runtime.exception.WindhoverException} has a sentence for each part with a
     * mistake.
     */
    public static ConfigurationFile read(Path file, Map<String, String> environment) {
        return read(file, environment, INTERVAL);
    }

    static ConfigurationFile read(Path file, Map<String, String> environment, Duration interval) {
        return new ConfigurationFile(file, environment, interval);
    }

    /** What it said when it was read last. */
    public synchronized ServiceConfiguration configuration() {
        return read;
    }

    /** From now on the service does what the file says. */
    public void watch(Service started) {
        synchronized (this) {
            service = started;
        }
        watcher.setDaemon(true);
        watcher.start();
    }

    /** Reads it after this was called, once for all who ask while it cannot begin. */
    public void reloadOnce() {
        if (asked.compareAndSet(false, true)) {
            synchronized (this) {
                asked.set(false);
                boolean unused = reload();
            }
        }
    }

    /** Reads it now; answers whether the service does what it says. */
    public synchronized boolean reload() {
        Service of = Objects.requireNonNull(service, "nothing is watched yet");
        Map<Path, String> before = used;
        Map<Path, String> now = look();
        try {
            ServiceConfiguration wanted = readAgain(now);
            of.reload(wanted);
            read = wanted;
            if (isToBeSaid("", !now.equals(before))) {
                LOG.info("{} was read again.", file);
            }
            return true;
        } catch (RuntimeException unusable) {
            if (closed) {
                if (isToBeSaid("stopping", false)) {
                    LOG.info("{} is not read again: the service is stopping.", file);
                }
                return false;
            }
            of.refused("configurations");
            String sentences = String.valueOf(unusable.getMessage());
            if (isToBeSaid(sentences, !now.equals(before))) {
                sayUnused(sentences);
            }
            return false;
        } finally {
            used = look();
            used.putAll(now);
            used.keySet().retainAll(look().keySet());
        }
    }

    /** The same about the same files is said once a minute at most, however many signals come. */
    private boolean isToBeSaid(String words, boolean changed) {
        long now = System.nanoTime();
        if (!changed && words.equals(said) && now - saidNanos < PAUSE_NANOS) {
            return false;
        }
        said = words;
        saidNanos = now;
        return true;
    }

    /** Each sentence on a line of its own; what follows from them stands on the last one. */
    private static void sayUnused(String sentences) {
        List<String> lines = sentences.lines().toList();
        for (String line : lines.subList(0, Math.max(0, lines.size() - 1))) {
            LOG.error("{}", line);
        }
        String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        LOG.error("{}{} The service goes on as before.", last, last.matches(".*[.?!]") ? "" : ".");
    }

    /** @param stamps gets those of the files that values of it name */
    private ServiceConfiguration readAgain(Map<Path, String> stamps) {
        Set<Path> named = new TreeSet<>();
        try {
            ServiceConfiguration wanted = ServiceConfiguration.read(file, environment, path -> {
                named.add(path);
                stamps.put(path, stamp(path));
            });
            consulted.clear();
            return wanted;
        } finally {
            consulted.addAll(named);
        }
    }

    /** What was found is used once it has not changed for an interval: whoever writes it is done then. */
    private void watch() {
        try {
            Map<Path, String> before = Map.of();
            while (true) {
                Thread.sleep(interval.toMillis());
                Map<Path, String> now = look();
                if (now.equals(before) && isNew(now)) {
                    boolean unused = reload();
                }
                before = now;
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isNew(Map<Path, String> found) {
        return !found.equals(used);
    }

    private synchronized Map<Path, String> look() {
        Map<Path, String> all = new TreeMap<>();
        all.put(file, stamp(file));
        consulted.forEach(path -> all.put(path, stamp(path)));
        for (ModelConfiguration model : read.models().values()) {
            if (!model.source().startsWith("zoo:")) {
                all.put(Path.of(model.source()), stamp(Path.of(model.source())));
            }
            if (model.labels() != null) {
                all.put(model.labels(), stamp(model.labels()));
            }
        }
        return all;
    }

    private static String stamp(Path path) {
        try {
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            return found.lastModifiedTime() + " " + found.size() + " " + found.fileKey();
        } catch (IOException missing) {
            return "missing";
        }
    }

    /** From now on the service is stopping: what cannot be done for that reason is no mistake of the file. */
    @Override
    public void close() {
        closed = true;
        watcher.interrupt();
    }
}
