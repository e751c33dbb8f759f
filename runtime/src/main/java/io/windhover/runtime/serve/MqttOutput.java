// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import com.google.gson.JsonObject;
import io.windhover.runtime.Classification;
import io.windhover.runtime.Detections;
import io.windhover.runtime.Frame;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.mqtt.HomeAssistant;
import io.windhover.runtime.mqtt.IncomingMessage;
import io.windhover.runtime.mqtt.Publisher;
import io.windhover.runtime.mqtt.PublisherSettings;
import io.windhover.runtime.mqtt.Receipt;
import io.windhover.runtime.mqtt.ResultStream;
import io.windhover.runtime.mqtt.RetainedTopics;
import io.windhover.runtime.mqtt.SpoolSettings;
import io.windhover.runtime.mqtt.Subscription;
import io.windhover.runtime.mqtt.TlsFiles;
import io.windhover.runtime.mqtt.Topics;
import io.windhover.runtime.serve.configuration.MqttConfiguration;
import io.windhover.runtime.serve.configuration.ServiceConfiguration;
import io.windhover.runtime.serve.configuration.StreamConfiguration;
import io.windhover.runtime.serve.monitor.NodeState;
import io.windhover.runtime.serve.monitor.NodeState.BrokerState;
import io.windhover.runtime.serve.monitor.NodeState.StreamState;
import io.windhover.runtime.source.SourceSettings;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node's results, health and statistics over MQTT, and the requests and commands that come from there. */
final class MqttOutput implements NodeOutput {
    private static final Logger LOG = LoggerFactory.getLogger(MqttOutput.class);
    private static final int SCHEMA = 1;
    /** How long closing waits for the broker; what is not delivered then stays on disk. */
    private static final Duration FAREWELL = Duration.ofSeconds(3);

    private final ServiceConfiguration configuration;
    private final MqttConfiguration mqtt;
    private final Service service;
    private final Publisher publisher;
    private final HomeAssistant homeAssistant;
    private final RetainedTopics retained;
    private final Map<String, ResultStream> results = new ConcurrentHashMap<>();
    private final Seldom badTopics = new Seldom();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "windhover-stats"));

    private MqttOutput(
            ServiceConfiguration configuration,
            MqttConfiguration mqtt,
            Service service,
            BiConsumer<String, IncomingMessage> requests) {
        this.configuration = configuration;
        this.mqtt = mqtt;
        this.service = service;
        SpoolSettings spool = SpoolSettings.of(
                configuration.state().resolve("queue"), mqtt.queue(), mqtt.sync(), mqtt.replayPerSecond());
        this.publisher = Publisher.start(PublisherSettings.service(mqtt.broker(), mqtt.topics())
                .withPayloadLimit(Math.max(mqtt.queue().entryBytes(), largestRequest()))
                .withDelivery(FAREWELL)
                .withSpool(spool)
                .withTls(tls(mqtt))
                .withSubscriptions(subscriptions(requests))
                .withAcknowledgements(service.acknowledgements()));
        String session = UUID.randomUUID().toString();
        configuration
                .streams()
                .forEach((name, stream) -> results.put(
                        name,
                        new ResultStream(
                                publisher,
                                mqtt.topics(),
                                new ResultStream.Origin(name, session, configuration.device()),
                                new ResultStream.Delivery(stream.qos(), stream.keepState(), true),
                                Clock.systemUTC())));
        this.homeAssistant = new HomeAssistant(
                publisher, mqtt.topics(), mqtt.discoveryPrefix(), configuration.device(), Service.VERSION, announced());
        this.retained = new RetainedTopics(
                publisher, mqtt.broker(), configuration.state().resolve("retained"), retained(), this::later);
        homeAssistant.announce();
        long millis = mqtt.statistics().toMillis();
        Future<?> unused = timer.scheduleAtFixedRate(this::publishStatistics, millis, millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Connects to the configuration's broker, now or once it is there.
     *
     * @param requests gets the stream and the request
     */
    static NodeOutput start(
            ServiceConfiguration configuration, Service service, BiConsumer<String, IncomingMessage> requests) {
        MqttConfiguration mqtt = configuration.mqtt();
        return mqtt == null ? NodeOutput.NONE : new MqttOutput(configuration, mqtt, service, requests);
    }

    /** A {@link WindhoverException} says which file for TLS cannot be used now. */
    static void check(ServiceConfiguration configuration) {
        MqttConfiguration mqtt = configuration.mqtt();
        if (mqtt != null && mqtt.broker().secure()) {
            tls(mqtt).check(mqtt.broker());
        }
    }

    private static TlsFiles tls(MqttConfiguration mqtt) {
        MqttConfiguration.Identity identity = mqtt.identity();
        return identity == null
                ? new TlsFiles(mqtt.authorities(), null, null)
                : new TlsFiles(mqtt.authorities(), identity.certificate(), identity.key());
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private void later(Runnable task) {
        try {
            timer.execute(task);
        } catch (RejectedExecutionException ending) {
            LOG.debug("Not done any more: the output is closing.");
        }
    }

    private int largestRequest() {
        return configuration.streams().values().stream()
                .map(StreamConfiguration::source)
                .filter(SourceSettings.Requests.class::isInstance)
                .mapToInt(source -> ((SourceSettings.Requests) source).largestBytes())
                .max()
                .orElse(0);
    }

    /** What a service with this configuration listens to. */
    static Set<String> filters(ServiceConfiguration configuration) {
        MqttConfiguration mqtt = configuration.mqtt();
        Set<String> all = new HashSet<>();
        if (mqtt != null) {
            configuration.streams().forEach((name, stream) -> {
                if (stream.source() instanceof SourceSettings.Requests source) {
                    all.add(requests(mqtt.topics(), name, source));
                }
                if (mqtt.control()) {
                    all.add(mqtt.topics().set(name));
                }
            });
        }
        return all;
    }

    /** Of which broker, and under which topics, a service with this configuration is known; null where it is not. */
    static @Nullable Object names(ServiceConfiguration configuration) {
        MqttConfiguration mqtt = configuration.mqtt();
        return mqtt == null ? null : List.of(mqtt.broker().toString(), mqtt.topics());
    }

    private static String requests(Topics topics, String stream, SourceSettings.Requests source) {
        String group = source.group();
        return group == null ? topics.infer(stream) : topics.sharedInferFilter(group);
    }

    private List<Subscription> subscriptions(BiConsumer<String, IncomingMessage> requests) {
        Topics topics = mqtt.topics();
        List<Subscription> all = new ArrayList<>();
        configuration.streams().forEach((name, stream) -> {
            if (stream.source() instanceof SourceSettings.Requests source) {
                all.add(new Subscription(requests(topics, name, source), 1, message -> requests.accept(name, message)));
            }
            if (mqtt.control()) {
                all.add(new Subscription(topics.set(name), 1, message -> service.command(name, message)));
            }
        });
        String discovery = mqtt.discoveryPrefix();
        if (discovery != null) {
            all.add(new Subscription(HomeAssistant.birthTopic(discovery), 1, this::heard));
        }
        return all;
    }

    /** It speaks up before all of this is made, or while it is. */
    @SuppressWarnings({"ConstantValue", "RedundantNullCheck"})
    private void heard(IncomingMessage message) {
        if (homeAssistant == null) {
            message.receipt().taken();
        } else {
            homeAssistant.heard(message);
        }
    }

    /** What it retains, or may, but for whether it is there. */
    private Set<String> retained() {
        Topics topics = mqtt.topics();
        Set<String> all = new HashSet<>(homeAssistant.topics());
        all.add(topics.acceleratorStatus());
        configuration.streams().forEach((name, stream) -> {
            all.add(topics.streamStatus(name));
            if (mqtt.control()) {
                all.add(topics.settings(name));
            }
            if (stream.keepState()) {
                all.add(topics.state(name));
            }
        });
        return all;
    }

    private List<HomeAssistant.Stream> announced() {
        List<HomeAssistant.Stream> all = new ArrayList<>();
        configuration.streams().forEach((name, stream) -> {
            if (!(stream.source() instanceof SourceSettings.Requests) && stream.keepState()) {
                Model model = service.model(stream.model());
                all.add(new HomeAssistant.Stream(name, kind(model), model.name()));
            }
        });
        return all;
    }

    private static HomeAssistant.Kind kind(Model model) {
        if (model.isDetector()) {
            return HomeAssistant.Kind.DETECTIONS;
        }
        return model.isClassifier() ? HomeAssistant.Kind.CLASSIFICATION : HomeAssistant.Kind.OUTPUT;
    }

    private static byte[] bytes(JsonObject json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void publishStatistics() {
        try {
            publisher.publish(mqtt.topics().statistics(), bytes(statistics()), false);
        } catch (RuntimeException problem) {
            LOG.warn("The statistics are not published: {}", problem.getMessage());
        }
    }

    private JsonObject statistics() {
        NodeState state = service.state();
        Publisher.Statistics sent = publisher.statistics();
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA);
        json.addProperty("node", configuration.node());
        json.addProperty("time", Instant.now().toString());
        json.addProperty("uptimeS", state.uptimeSeconds());
        json.addProperty("delivered", sent.delivered());
        json.addProperty("waiting", sent.waiting());
        json.addProperty("oldestWaitingS", publisher.oldestWaiting().toSeconds());
        json.addProperty("dropped", sent.dropped());
        json.addProperty("reconnects", sent.reconnects());
        JsonObject streams = new JsonObject();
        for (StreamState stream : state.streams()) {
            JsonObject of = new JsonObject();
            of.addProperty("frames", stream.frames());
            of.addProperty("skipped", stream.skipped());
            of.addProperty("refused", stream.refused());
            of.addProperty("published", stream.published());
            of.addProperty("framesPerSecond", stream.framesPerSecond());
            of.addProperty("latencyP50Us", total(stream).p50());
            of.addProperty("latencyP99Us", total(stream).p99());
            streams.add(stream.name(), of);
        }
        json.add("streams", streams);
        return json;
    }

    private static NodeState.Latency total(StreamState stream) {
        return Objects.requireNonNull(stream.stages().get("total"));
    }

    private ResultStream stream(String name) {
        return Objects.requireNonNull(results.get(name), name);
    }

    @Override
    public byte[] classification(
            String stream, Model model, String source, Classification result, boolean publish, Runnable safe) {
        return stream(stream).classification(model, source, result, publish, safe);
    }

    @Override
    public byte[] detections(
            String stream, Model model, String source, Detections result, boolean publish, Runnable safe) {
        return stream(stream).detections(model, source, result, publish, safe);
    }

    @Override
    public byte[] output(
            String stream,
            Model model,
            String source,
            Frame frame,
            Classification.Timings timings,
            boolean publish,
            Runnable safe) {
        return stream(stream).output(model, source, Heads.of(model.graph(), frame), timings, publish, safe);
    }

    @Override
    public void answer(
            String stream, @Nullable String topic, byte @Nullable [] correlation, byte[] message, Receipt request) {
        try {
            publisher.answer(topic == null ? mqtt.topics().answer(stream) : topic, correlation, message, request);
        } catch (WindhoverException unusable) {
            service.refused("requests");
            badTopics.warn(LOG, "Stream '" + stream + "': " + unusable.getMessage());
            request.taken();
        }
    }

    @Override
    public void stream(String name, PartState state) {
        if (configuration.streams().containsKey(name)) {
            publish(mqtt.topics().streamStatus(name), state);
        }
    }

    @Override
    public void settings(String stream, boolean running, String model) {
        if (mqtt.control() && configuration.streams().containsKey(stream)) {
            JsonObject now = new JsonObject();
            now.addProperty("schema", SCHEMA);
            now.addProperty("running", running);
            now.addProperty("model", model);
            publisher.publish(mqtt.topics().settings(stream), bytes(now), true);
        }
    }

    @Override
    public void accelerator(PartState state) {
        publish(mqtt.topics().acceleratorStatus(), state);
    }

    @Override
    public void leaveGroup(String stream) {
        shared(stream).ifPresent(publisher::leave);
    }

    @Override
    public void joinGroup(String stream) {
        shared(stream).ifPresent(publisher::listen);
    }

    private Optional<String> shared(String stream) {
        return Optional.ofNullable(configuration.streams().get(stream))
                .filter(found -> found.source() instanceof SourceSettings.Requests source && source.group() != null)
                .map(found -> requests(mqtt.topics(), stream, (SourceSettings.Requests) found.source()));
    }

    private void publish(String topic, PartState state) {
        publisher.publish(topic, state.name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8), true);
    }

    @Override
    public @Nullable BrokerState broker() {
        Publisher.Statistics now = publisher.statistics();
        return new BrokerState(
                mqtt.broker().toString(),
                now.connected(),
                now.delivered(),
                now.waiting(),
                now.dropped(),
                now.reconnects(),
                now.queueBytes(),
                now.queueDamaged(),
                now.onDisk(),
                publisher.oldestWaiting().toSeconds());
    }

    @Override
    public void leaveNames() {
        publisher.retainNothing();
        retained.leave();
    }

    @Override
    public void stopListening() {
        publisher.stopListening();
    }

    @Override
    public void drain(Set<String> keep) {
        if (!timer.isShutdown()) {
            timer.shutdownNow();
            publishStatistics();
            publisher.drain(keep);
        }
    }

    @Override
    public void close() {
        drain(Set.of());
        publisher.close();
        retained.close();
    }
}
