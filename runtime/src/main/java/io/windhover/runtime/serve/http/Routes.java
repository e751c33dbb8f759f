// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import com.sun.net.httpserver.HttpExchange;
import io.windhover.runtime.serve.configuration.HttpConfiguration;
import io.windhover.runtime.serve.monitor.NodeView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What each path leads to. */
final class Routes {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    /** The other threads are for health checks, event streams and heads of requests. */
    private static final int MOST_AT_ONCE = 32;

    private final HttpConfiguration http;
    private final NodeView view;
    private final Snapshots snapshots;
    private final Gate gate;
    private final EventStream events;
    private final Control control;
    private final Assets assets = new Assets();
    private final Pictures pictures = new Pictures();
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private volatile String lastMistake = "";

    Routes(HttpConfiguration http, NodeView view, Snapshots snapshots) {
        this.http = http;
        this.view = view;
        this.snapshots = snapshots;
        gate = new Gate(http);
        events = new EventStream(snapshots);
        control = new Control(view);
    }

    void serve(HttpExchange exchange) throws IOException {
        Call call = new Call(exchange, Workers.turn());
        try {
            gate.requireOwnName(call);
            route(call);
        } catch (Refusal refusal) {
            view.refused("http");
            call.send(refusal.answer());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException mistake) {
            log(mistake);
            call.send(new Refusal(Refusal.INTERNAL_ERROR, "the service made a mistake; its log has more").answer());
        } finally {
            call.end();
        }
    }

    /** Once for each in a row: somebody may ask again twice a second for months. */
    private void log(RuntimeException mistake) {
        if (!mistake.toString().equals(lastMistake)) {
            LOG.warn("A request was not answered", mistake);
        }
        lastMistake = mistake.toString();
    }

    private void route(Call call) throws IOException, Refusal, InterruptedException {
        switch (call.path()) {
            case "/healthz" -> {
                call.requireReading();
                call.send(Health.alive(view.isAlive()));
            }
            case "/readyz" -> {
                call.requireReading();
                call.send(Health.ready(snapshots.get().state()));
            }
            case "/events" -> {
                call.requireReading();
                events.serve(call);
            }
            default -> serveInPlace(call);
        }
    }

    private void serveInPlace(Call call) throws IOException, Refusal, InterruptedException {
        if (!places.tryAcquire()) {
            throw new Refusal(Refusal.UNAVAILABLE, "too many requests come at once");
        }
        try {
            call.send(answer(call));
        } finally {
            places.release();
        }
    }

    private Answer answer(Call call) throws IOException, Refusal, InterruptedException {
        String path = call.path();
        String[] parts = path.split("/", -1);
        if (parts.length == 4 && parts[1].equals("streams")) {
            return change(call, parts[2], parts[3]);
        }
        if (path.equals("/token")) {
            call.requirePost();
            gate.requireToken(call);
            return Answer.json(Answer.OK, Map.of("token", "right"));
        }
        boolean isPicture = parts.length == 3 && parts[1].equals("picture");
        if (!isPicture && !assets.has(path) && !path.equals("/state") && !path.equals("/metrics")) {
            throw Refusal.nothingThere();
        }
        call.requireReading();
        return isPicture
                ? picture(parts[2])
                : switch (path) {
                    case "/state" ->
                        Answer.ok(Answer.JSON, snapshots.get().json().getBytes(StandardCharsets.UTF_8));
                    case "/metrics" -> Metrics.of(snapshots.get().state(), view.isAlive());
                    default -> assets.get(path, call.header("If-None-Match"));
                };
    }

    private Answer picture(String stream) throws Refusal, InterruptedException {
        if (!http.pictures()) {
            throw new Refusal(Refusal.NOT_FOUND, "pictures are not shown (http.pictures)");
        }
        requireStream(stream);
        Answer picture = pictures.answer(stream, view::picture);
        return picture == null ? new Refusal(Refusal.NOT_FOUND, "this stream has no frame yet").answer() : picture;
    }

    private Answer change(Call call, String stream, String what) throws IOException, Refusal, InterruptedException {
        if (!what.equals("running") && !what.equals("model")) {
            throw Refusal.nothingThere();
        }
        call.requirePost();
        gate.requireToken(call);
        requireStream(stream);
        byte[] body = call.body();
        try {
            return what.equals("running") ? control.setRunning(stream, body) : control.setModel(stream, body);
        } finally {
            snapshots.forget();
        }
    }

    private void requireStream(String name) throws Refusal, InterruptedException {
        if (snapshots.get().state().streams().stream()
                .noneMatch(stream -> stream.name().equals(name))) {
            throw new Refusal(Refusal.NOT_FOUND, "no stream has this name");
        }
    }
}
