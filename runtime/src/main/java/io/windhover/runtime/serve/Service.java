// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.ImageDecoder;
import io.windhover.runtime.image.Pixels;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.mqtt.Acknowledgements;
import io.windhover.runtime.mqtt.IncomingMessage;
import io.windhover.runtime.serve.Resident.Prepared;
import io.windhover.runtime.serve.configuration.HttpConfiguration;
import io.windhover.runtime.serve.configuration.ModelConfiguration;
import io.windhover.runtime.serve.configuration.ServiceConfiguration;
import io.windhover.runtime.serve.configuration.StreamConfiguration;
import io.windhover.runtime.serve.http.NodeServer;
import io.windhover.runtime.serve.monitor.NodeState;
import io.windhover.runtime.serve.monitor.NodeView;
import io.windhover.runtime.serve.monitor.StreamMeter;
import io.windhover.runtime.source.FrameSource;
import io.windhover.runtime.source.SourceSettings;
import io.windhover.runtime.source.Sources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node: streams of frames through models on one device, their results to a broker, its state on a page. It runs until
 * it is closed; what it is told may be replaced while it runs.
 *
 * <pre>
 *   source --frame--> lane --> inference thread --result--> queue --> broker
 *   (a thread each)   (Dispatcher)  (device, models)        (disk)
 * </pre>
 */
public final class Service implements NodeView, AutoCloseable {
    static final String VERSION =
            Objects.requireNonNullElse(Service.class.getPackage().getImplementationVersion(), "development");
    /** Beside the time that the slowest frame may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final long startedNanos = System.nanoTime();
    private final Dispatcher dispatcher = new Dispatcher();
    private final Map<String, StreamMeter> meters = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> refusals = new ConcurrentHashMap<>();
    private final AtomicLong reloads = new AtomicLong();
    private final RequestDesk requests = new RequestDesk();
    private final Commands commands = new Commands(this, this::saySettings);
    private final Acknowledgements acknowledgements = new Acknowledgements();
    private final CurrentOutput output = new CurrentOutput();
    private final CurrentPage page = new CurrentPage(this);
    private final Function<SourceSettings, FrameSource> opener;
    private final BiFunction<Service, ServiceConfiguration, NodeOutput> outputs;
    private final Inference inference;
    private final ServedDevice device;
    private final StateFolder state;

    /** Held while the configuration, streams or their models are changed. */
    private final Object change = new Object();

    private final ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "windhover-watch");
        thread.setDaemon(true);
        return thread;
    });

    private volatile ServiceConfiguration configuration;
    private volatile Map<String, StreamRunner> streams = Map.of();
    private volatile boolean closed;

    private Service(
            ServiceConfiguration configuration,
            Function<SourceSettings, FrameSource> opener,
            BiFunction<Service, ServiceConfiguration, NodeOutput> outputs) {
        this.opener = opener;
        this.outputs = outputs;
        this.configuration = configuration;
        this.state = StateFolder.take(configuration.state());
        try {
            this.inference = new Inference(
                    dispatcher,
                    output,
                    configuration.device(),
                    capabilities -> ModelStore.prepare(configuration, capabilities));
            this.device = inference.device();
        } catch (RuntimeException | Error failure) {
            state.close();
            throw failure;
        }
    }

    /** Starts it; a {@link WindhoverException} says what keeps it from starting. A broker that is away does not. */
    public static Service start(ServiceConfiguration configuration) {
        return start(configuration, () -> false);
    }

    /**
     * The same, as long as it is wanted: compiling models takes a while.
     *
     * @param cancelled asked before sources and the broker are touched; a {@link CancellationException} is thrown then
     */
    public static Service start(ServiceConfiguration configuration, BooleanSupplier cancelled) {
        ImageDecoder decoder = new ImageDecoder();
        return start(
                configuration,
                settings -> Sources.open(settings, decoder),
                (service, wanted) -> MqttOutput.start(wanted, service, service::request),
                cancelled);
    }

    static Service start(
            ServiceConfiguration configuration,
            Function<SourceSettings, FrameSource> opener,
            BiFunction<Service, ServiceConfiguration, NodeOutput> outputs,
            BooleanSupplier cancelled) {
        return Undisturbed.get(() -> begin(configuration, opener, outputs, cancelled));
    }

    private static Service begin(
            ServiceConfiguration configuration,
            Function<SourceSettings, FrameSource> opener,
            BiFunction<Service, ServiceConfiguration, NodeOutput> outputs,
            BooleanSupplier cancelled) {
        Service service = new Service(configuration, opener, outputs);
        try {
            if (cancelled.getAsBoolean()) {
                throw new CancellationException("The start was cancelled.");
            }
            service.page.open(configuration.http());
            service.output.become(() -> outputs.apply(service, configuration), Set.of());
            service.inference.start();
            service.startStreams(configuration);
            service.page.begin();
            Future<?> unused = service.watcher.scheduleWithFixedDelay(service::watch, 1, 1, TimeUnit.SECONDS);
            return service;
        } catch (RuntimeException | Error failure) {
            service.close();
            throw failure;
        }
    }

    /** Frames that were run since the start, on whatever device. */
    public long frames() {
        return inference.framesOfAll();
    }

    /** The port of its page; 0 where it has none. */
    public int httpPort() {
        return page.port();
    }

    /**
     * Sees whether the device is there, the models fit it and their streams, the state folder and the files for TLS can
     * be used, and the page's address is this machine's; a {@link WindhoverException} says what does not. Nothing is
     * started, no broker is spoken to, and no port is taken.
     */
    public static void check(ServiceConfiguration configuration) {
        Resident.open(configuration.device(), capabilities -> ModelStore.check(configuration, capabilities))
                .close();
        StateFolder.check(configuration.state());
        MqttOutput.check(configuration);
        HttpConfiguration page = configuration.http();
        if (page != null) {
            NodeServer.check(page);
        }
    }

    private void startStreams(ServiceConfiguration of) {
        Map<String, StreamRunner> all = new LinkedHashMap<>();
        of.streams().forEach((name, stream) -> {
            StreamRunner old = streams.get(name);
            boolean same = old != null && old.configuration().equals(stream);
            all.put(name, same ? old : runner(name, stream));
        });
        List<StreamRunner> added = new ArrayList<>(all.values());
        added.removeAll(streams.values());
        streams = Collections.unmodifiableMap(all);
        added.forEach(StreamRunner::start);
    }

    private void watch() {
        streams.values().forEach(StreamRunner::watchSource);
        page.watch();
        state.watch();
    }

    private StreamRunner runner(String name, StreamConfiguration stream) {
        StreamMeter meter = meters.computeIfAbsent(name, unused -> new StreamMeter(System.nanoTime()));
        return new StreamRunner(name, stream, () -> source(name, stream), dispatcher, output, meter);
    }

    private FrameSource source(String name, StreamConfiguration stream) {
        if (stream.source() instanceof SourceSettings.Requests wanted) {
            RequestSource source = new RequestSource(
                    name,
                    wanted,
                    () -> inputBytes(name),
                    topic -> configuration.requireAnswerTopic(topic),
                    output,
                    () -> refused("requests"),
                    message -> giveBack(name, message));
            requests.open(name, source);
            return source;
        }
        return opener.apply(stream.source());
    }

    /** Ends streams; requests for those that begin anew wait for that. */
    private void end(List<StreamRunner> ending, ServiceConfiguration wanted) {
        ending.stream()
                .filter(runner -> !runner.isStopped())
                .map(StreamRunner::name)
                .filter(name -> wanted.streams().containsKey(name)
                        && wanted.streams().get(name).source() instanceof SourceSettings.Requests)
                .forEach(requests::close);
        ending.forEach(StreamRunner::stop);
    }

    /** A request for a stream; the broker may bring one before the stream has started. */
    void request(String stream, IncomingMessage message) {
        requests.accept(stream, message);
    }

    /** A request that its stream did not run: for what follows that. The end of all leaves it to the broker. */
    private void giveBack(String stream, IncomingMessage message) {
        if (!closed) {
            requests.accept(stream, message);
        }
    }

    /** A command for a stream. */
    void command(String stream, IncomingMessage message) {
        commands.take(stream, message);
    }

    /** What came over the node's session at its broker, whichever output heard it. */
    Acknowledgements acknowledgements() {
        return acknowledgements;
    }

    /** Says how a stream is, as after each command. */
    private void saySettings(String stream) {
        StreamRunner runner = streams.get(stream);
        if (runner != null) {
            runner.sayActivity();
        }
    }

    /** One of the configuration's models. */
    Model model(String key) {
        return Objects.requireNonNull(device.models().get(key), key).model();
    }

    private int inputBytes(String stream) {
        StreamRunner runner = streams.get(stream);
        Prepared prepared = runner == null ? null : device.models().get(runner.model());
        return prepared == null ? -1 : prepared.model().image().bytes();
    }

    /**
     * Does from now on what another configuration says. Frames in flight are finished, streams that stay the same go on
     * without a gap, counters go on. A {@link WindhoverException} says why it cannot be; the old one stays then.
     */
    public void reload(ServiceConfiguration wanted) {
        change(() -> {
            if (!StateFolder.isSame(configuration.state(), wanted.state())) {
                throw new WindhoverException("A service keeps its state folder '"
                        + configuration.state().normalize()
                        + "' while it runs; to change 'state', end it, move what is in that folder to '"
                        + wanted.state().normalize() + "', and start it again.");
            }
            replace(wanted);
            reloads.incrementAndGet();
        });
    }

    /** One change at a time, and each whole. */
    private void change(Runnable task) {
        Undisturbed.run(() -> {
            synchronized (change) {
                if (closed) {
                    throw new WindhoverException("The service is stopping.");
                }
                task.run();
            }
        });
    }

    private void replace(ServiceConfiguration wanted) {
        List<StreamRunner> ending = streams.values().stream()
                .filter(runner ->
                        !runner.configuration().equals(wanted.streams().get(runner.name())))
                .toList();
        page.become(wanted.http());
        List<StreamRunner> running =
                ending.stream().filter(runner -> !runner.isStopped()).toList();
        Map<String, Prepared> before = device.models();
        boolean otherDevice = !wanted.device().equals(device.locator());
        try {
            if (otherDevice) {
                end(ending, wanted);
            }
            inference.replace(
                    wanted.device(),
                    capabilities -> {
                        Map<String, Prepared> prepared = ModelStore.prepare(wanted, capabilities);
                        if (!otherDevice) {
                            end(ending, wanted);
                        }
                        return prepared;
                    },
                    () -> streams.values().forEach(runner -> keepModel(runner, wanted, before)));
        } catch (RuntimeException unusable) {
            running.forEach(StreamRunner::start);
            page.goBack(configuration.http());
            throw unusable;
        }
        boolean otherOutput = hasOtherOutput(wanted);
        @Nullable Object names = MqttOutput.names(configuration);
        configuration = wanted;
        if (otherOutput) {
            boolean sameNames = Objects.equals(names, MqttOutput.names(wanted));
            if (!sameNames) {
                output.leaveNames();
            }
            output.become(() -> outputs.apply(this, wanted), sameNames ? MqttOutput.filters(wanted) : Set.of());
        }
        startStreams(wanted);
        streams.values().stream().filter(StreamRunner::isStopped).forEach(runner -> output.leaveGroup(runner.name()));
    }

    /** The broker's side knows the streams: what it listens to, and how their results are delivered. */
    private boolean hasOtherOutput(ServiceConfiguration wanted) {
        return !Objects.equals(configuration.mqtt(), wanted.mqtt())
                || !configuration.node().equals(wanted.node())
                || !configuration.device().equals(wanted.device())
                || !delivery(configuration).equals(delivery(wanted));
    }

    /** What of the streams the broker's side knows. */
    private static Map<String, List<Object>> delivery(ServiceConfiguration of) {
        Map<String, List<Object>> all = new TreeMap<>();
        of.streams().forEach((name, stream) -> {
            Object requests = stream.source() instanceof SourceSettings.Requests given ? given : "none";
            all.put(name, List.of(stream.qos(), stream.keepState(), requests, stream.model()));
        });
        return all;
    }

    /**
     * A model that was chosen by a command stays chosen as long as there is one of its name; where that is another one
     * than before, nothing of the old one's results counts.
     */
    private void keepModel(StreamRunner runner, ServiceConfiguration wanted, Map<String, Prepared> before) {
        String key = wanted.models().containsKey(runner.model())
                ? runner.model()
                : runner.configuration().model();
        Prepared old = before.get(key);
        Prepared now = device.models().get(key);
        if (!key.equals(runner.model())
                || old == null
                || now == null
                || !old.identity().equals(now.identity())) {
            runner.setModel(key);
        }
    }

    @Override
    public void setRunning(String stream, boolean running) {
        change(() -> {
            StreamRunner runner = require(stream);
            if (running) {
                runner.start();
                output.joinGroup(stream);
            } else {
                output.leaveGroup(stream);
                runner.stop();
            }
        });
    }

    @Override
    public void setModel(String stream, String model) {
        change(() -> {
            StreamRunner runner = require(stream);
            Prepared prepared = device.models().get(model);
            if (prepared == null) {
                throw new WindhoverException("There is no model '" + model + "'; the models are "
                        + String.join(", ", configuration.models().keySet()) + ".");
            }
            if (!(runner.configuration().source() instanceof SourceSettings.Requests)) {
                ModelStore.requirePictures(stream, prepared.model());
            }
            ModelStore.requireFitting(stream, runner.configuration().result(), model, prepared.model());
            inference.order(() -> runner.setModel(model));
        });
    }

    private StreamRunner require(String stream) {
        StreamRunner runner = streams.get(stream);
        if (runner == null) {
            throw new WindhoverException("There is no stream '" + stream + "'; the streams are "
                    + String.join(", ", configuration.streams().keySet()) + ".");
        }
        return runner;
    }

    @Override
    public void refused(String kind) {
        refusals.computeIfAbsent(kind, unused -> new AtomicLong()).incrementAndGet();
    }

    @Override
    public @Nullable Pixels picture(String stream) {
        StreamRunner runner = streams.get(stream);
        return runner == null ? null : runner.picture();
    }

    @Override
    public boolean isAlive() {
        Duration longest = configuration.models().values().stream()
                .map(ModelConfiguration::timeout)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        long silence = System.nanoTime() - inference.progressNanos();
        return inference.isRunning()
                && silence < longest.multipliedBy(2).plus(PATIENCE).toNanos();
    }

    @Override
    public NodeState state() {
        long now = System.nanoTime();
        ServiceConfiguration current = configuration;
        List<NodeState.StreamState> states = streams.values().stream()
                .map(runner -> runner.state(now, device.trouble(runner.model())))
                .toList();
        List<NodeState.ModelState> models = device.models().entrySet().stream()
                .map(entry -> new NodeState.ModelState(
                        entry.getKey(),
                        entry.getValue().model().name(),
                        entry.getValue().model().sha256(),
                        results(entry.getValue().model())))
                .toList();
        Map<String, Long> counted = new TreeMap<>();
        refusals.forEach((kind, count) -> counted.put(kind, count.get()));
        String trouble = device.trouble();
        return new NodeState(
                current.node(),
                VERSION,
                TimeUnit.NANOSECONDS.toSeconds(now - startedNanos),
                trouble == null && states.stream().allMatch(stream -> stream.trouble() == null),
                new NodeState.DeviceState(device.locator(), trouble, device.resets(), inference.frames()),
                models,
                states,
                output.broker(),
                reloads.get(),
                counted);
    }

    private static NodeState.Results results(Model model) {
        if (model.isDetector()) {
            return NodeState.Results.DETECTIONS;
        }
        return model.isClassifier() ? NodeState.Results.CLASSES : NodeState.Results.OUTPUTS;
    }

    /** Ends the sources, runs what waits, delivers what it can within the settings' time, and says that it stopped. */
    @Override
    public void close() {
        Undisturbed.run(this::end);
    }

    private void end() {
        synchronized (change) {
            if (closed) {
                return;
            }
            closed = true;
            watcher.shutdownNow();
            output.stopListening();
            commands.close();
            page.close();
            streams.values().parallelStream().forEach(StreamRunner::close);
            inference.close();
            if (device.trouble() == null) {
                output.accelerator(NodeOutput.PartState.DISABLED);
            }
            output.close();
            state.close();
        }
    }
}
