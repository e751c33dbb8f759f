// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.serve.configuration.HttpConfiguration;
import io.windhover.runtime.serve.monitor.NodeState.Activity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeServerTest {
    private static final String TOKEN = "0123456789abcdef";

    private final HttpClient client = HttpClient.newHttpClient();
    private final FakeNode node = new FakeNode();
    private NodeServer server = start(TOKEN, true);

    private NodeServer start(String token, boolean pictures) {
        return NodeServer.start(new HttpConfiguration("127.0.0.1", 0, token, pictures), node);
    }

    @AfterEach
    void close() {
        node.hang.countDown();
        server.close();
    }

    private void restart(String token, boolean pictures) {
        server.close();
        server = start(token, pictures);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = request(path).POST(BodyPublishers.ofString(body));
        return client.send((headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> change(String path, String body) throws Exception {
        return post(path, body, "Authorization", "Bearer " + TOKEN);
    }

    /** What a request as these lines is answered with. */
    private String raw(String... lines) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write((String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void assertSentence(int status, HttpResponse<String> response) {
        assertEquals(status, response.statusCode(), response.body());
        JsonObject body = JsonParser.parseString(response.body()).getAsJsonObject();
        assertEquals(List.of("error"), List.copyOf(body.keySet()));
        assertFalse(body.get("error").getAsString().isBlank());
    }

    @Test
    void health_says_whether_the_loop_makes_progress() throws Exception {
        assertEquals("{\"alive\":true}\n", get("/healthz").body());
        node.alive = false;
        HttpResponse<String> dead = get("/healthz");
        assertEquals(503, dead.statusCode());
        assertTrue(dead.body().contains("makes no progress"), dead.body());
    }

    @Test
    void readiness_says_what_is_missing() throws Exception {
        assertEquals(200, get("/readyz").statusCode());
        node.deviceTrouble = "the device does not answer";
        Thread.sleep(250);
        HttpResponse<String> unready = get("/readyz");
        assertEquals(503, unready.statusCode());
        assertTrue(unready.body().contains("the device does not answer"), unready.body());
    }

    @Test
    void the_state_is_json_and_tells_the_page_what_it_may_do() throws Exception {
        HttpResponse<String> response = get("/state");
        JsonObject state = JsonParser.parseString(response.body()).getAsJsonObject();
        assertEquals("pad-7", state.get("node").getAsString());
        assertEquals(3, state.getAsJsonArray("streams").size());
        assertTrue(state.get("pictures").getAsBoolean());
        assertTrue(state.get("control").getAsBoolean());
        assertTrue(state.getAsJsonObject("device").get("trouble").isJsonNull());
        assertFalse(response.body().contains(TOKEN));
        assertEquals("no-store", response.headers().firstValue("Cache-Control").orElse(""));
    }

    @Test
    void metrics_have_no_latency_where_no_frame_was_measured() throws Exception {
        node.measured = false;
        String body = get("/metrics").body();
        assertFalse(body.contains("windhover_latency_seconds{"), body);
        assertTrue(body.contains("windhover_frames_total{"), body);
    }

    @Test
    void metrics_are_read_by_prometheus_names_and_units() throws Exception {
        node.refused("frames");
        HttpResponse<String> response = get("/metrics");
        assertTrue(response.headers().firstValue("Content-Type").orElse("").startsWith("text/plain; version=0.0.4"));
        for (String expected : List.of(
                "# TYPE windhover_frames_total counter",
                "windhover_frames_total{model=\"pads\",stream=\"drawing\"} ",
                "# TYPE windhover_latency_seconds summary",
                "windhover_latency_seconds{stage=\"accelerate\",stream=\"drawing\",quantile=\"0.99\"} 0.0",
                "windhover_latency_seconds{stage=\"accelerate\",stream=\"drawing\",quantile=\"1.0\"} 0.0",
                "windhover_refused_total{kind=\"frames\"} 1.0",
                "windhover_device_up{device=\"functional:\"} 1.0",
                "windhover_node_info{node=\"pad-7\",version=\"0.1.0\"} 1",
                "windhover_broker_connected{broker=\"mqtts://broker.local:8883\"} 1.0",
                "windhover_queue_oldest_seconds{broker=\"mqtts://broker.local:8883\"} 37.0",
                "windhover_queue_bytes{",
                "windhover_queue_damaged_total{broker=\"mqtts://broker.local:8883\"} 2.0",
                "process_resident_memory_bytes ",
                "process_open_fds ",
                "jvm_memory_used_bytes{area=\"heap\"} ",
                "stream=\"gate <img src=x onerror=\\\"document")) {
            assertTrue(response.body().contains(expected), expected + " in\n" + response.body());
        }
    }

    @Test
    void events_carry_the_state_twice_a_second_at_most() throws Exception {
        long started = System.nanoTime();
        List<String> lines = client.send(request("/events").build(), BodyHandlers.ofLines())
                .body()
                .filter(line -> line.startsWith("data: {"))
                .limit(3)
                .toList();
        assertEquals(3, lines.size());
        assertTrue(System.nanoTime() - started >= 900_000_000L);
        assertEquals(
                "pad-7",
                JsonParser.parseString(lines.get(2).substring(6))
                        .getAsJsonObject()
                        .get("node")
                        .getAsString());
    }

    @Test
    void pictures_are_small_whatever_the_frame_is() throws Exception {
        node.pictureWidth = 4000;
        HttpResponse<byte[]> response =
                client.send(request("/picture/drawing?7").build(), BodyHandlers.ofByteArray());
        assertEquals("image/jpeg", response.headers().firstValue("Content-Type").orElse(""));
        assertEquals(
                571, ImageIO.read(new ByteArrayInputStream(response.body())).getWidth());
        node.pictureWidth = 64;
        Thread.sleep(250);
        HttpResponse<byte[]> small = client.send(request("/picture/drawing").build(), BodyHandlers.ofByteArray());
        assertEquals("image/png", small.headers().firstValue("Content-Type").orElse(""));
        assertEquals(48, ImageIO.read(new ByteArrayInputStream(small.body())).getHeight());
    }

    @Test
    void without_a_frame_a_stream_or_the_option_there_is_no_picture() throws Exception {
        assertSentence(404, get("/picture/yard"));
        assertEquals(0, node.refusedRequests());
        assertSentence(404, get("/picture/nobody"));
        restart(TOKEN, false);
        assertSentence(404, get("/picture/drawing"));
        assertEquals(2, node.refusedRequests());
    }

    @Test
    void a_stream_is_stopped_and_started_and_given_another_model() throws Exception {
        assertEquals(
                200, change("/streams/drawing/running", "{\"running\": false}").statusCode());
        assertEquals(Activity.STOPPED, node.activities.get("drawing"));
        assertTrue(get("/state").body().contains("\"activity\":\"stopped\""));
        assertEquals(
                200, change("/streams/drawing/model", "{\"model\": \"digits\"}").statusCode());
        assertEquals("digits", node.models.get("drawing"));
    }

    @Test
    void a_change_that_cannot_be_is_refused_in_the_nodes_own_sentence() throws Exception {
        HttpResponse<String> response = change("/streams/yard/model", "{\"model\": \"birds\"}");
        assertSentence(409, response);
        assertTrue(response.body().contains("no model has the name birds"), response.body());
        assertSentence(404, change("/streams/nobody/running", "{\"running\": true}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "{\"running\": 1}",
                "{\"running\": \"true\"}",
                "{\"running\": true, \"x\": 1}",
                "{\"running\": true} x",
                "{'running': true}",
                "{\"running\"",
                "[[[[[[[[",
                "{\"stopped\": true}"
            })
    void a_body_that_says_something_else_changes_nothing(String body) throws Exception {
        assertSentence(400, change("/streams/drawing/running", body));
        assertEquals(Activity.RUNNING, node.activities.get("drawing"));
    }

    @Test
    void a_large_body_is_refused() throws Exception {
        assertSentence(413, change("/streams/drawing/running", "{\"running\": true}" + " ".repeat(5000)));
    }

    @Test
    void only_the_token_changes_something() throws Exception {
        String body = "{\"running\": false}";
        HttpResponse<String> without = post("/streams/drawing/running", body);
        assertSentence(401, without);
        assertEquals("Bearer", without.headers().firstValue("WWW-Authenticate").orElse(""));
        for (String wrong : List.of("Bearer " + TOKEN + "0", "Bearer ", "Bearer", "Basic " + TOKEN, TOKEN)) {
            assertSentence(401, post("/streams/drawing/running", body, "Authorization", wrong));
        }
        assertSentence(401, post("/token", "", "Authorization", "Bearer " + TOKEN + "0"));
        assertEquals(200, change("/token", "").statusCode());
        restart(null, true);
        assertSentence(403, change("/streams/drawing/running", body));
        assertEquals(Activity.RUNNING, node.activities.get("drawing"));
        assertEquals(8, node.refusedRequests());
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8080, 200",
        "LOCALHOST, 200",
        "127.0.0.1, 200",
        "192.168.1.7:9000, 200",
        "[::1]:8080, 200",
        "evil.example, 403",
        "127.0.0.1.evil.example, 403",
        "localhost.evil.example:80, 403",
        "1.2.3.4@evil.example, 403",
        "'', 403",
    })
    void a_foreign_name_does_not_lead_here(String host, int status) throws Exception {
        assertTrue(raw("GET /state HTTP/1.1", "Host: " + host).startsWith("HTTP/1.1 " + status), host);
    }

    @Test
    void pages_of_other_origins_are_refused() throws Exception {
        String own = "http://127.0.0.1:" + server.port();
        String[] token = {"Authorization", "Bearer " + TOKEN, "Origin", own};
        assertEquals(
                200,
                post("/streams/drawing/running", "{\"running\": true}", token).statusCode());
        for (String foreign : List.of("http://evil.example", "null", "http://127.0.0.1:1", own + ".evil.example")) {
            token[3] = foreign;
            assertSentence(403, post("/streams/drawing/running", "{\"running\": false}", token));
        }
        assertEquals(Activity.RUNNING, node.activities.get("drawing"));
    }

    @ParameterizedTest
    @CsvSource({
        "/healthz, 'GET, HEAD'",
        "/state, 'GET, HEAD'",
        "/events, 'GET, HEAD'",
        "/, 'GET, HEAD'",
        "/picture/drawing, 'GET, HEAD'",
        "/streams/drawing/model, POST"
    })
    void other_methods_are_refused_and_told_what_is_allowed(String path, String allowed) throws Exception {
        HttpRequest request =
                request(path).method("DELETE", BodyPublishers.noBody()).build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        assertSentence(405, response);
        assertEquals(allowed, response.headers().firstValue("Allow").orElse(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/healthz", "/readyz", "/metrics", "/state", "/events", "/", "/page.js", "/picture/drawing"})
    void head_is_answered_without_a_body(String path) throws Exception {
        String answer = raw("HEAD " + path + " HTTP/1.1", "Host: localhost");
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        assertTrue(answer.endsWith("\r\n\r\n"), answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../../../etc/passwd",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/page.html",
                "/NodeServer.class",
                "/page.js/",
                "/.",
                "/picture/../state",
                "/picture/",
                "/picture/%2e%2e%2fstate",
                "/streams/drawing/",
                "/favicon.ico"
            })
    void what_is_not_listed_is_not_there(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1", "Host: localhost");
        assertTrue(answer.startsWith("HTTP/1.1 404"), answer);
    }

    @Test
    void the_page_runs_its_own_scripts_only() throws Exception {
        HttpResponse<String> page = get("/");
        assertEquals(200, page.statusCode());
        String policy = page.headers().firstValue("Content-Security-Policy").orElse("");
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self'"), policy);
        assertEquals(
                "nosniff", page.headers().firstValue("X-Content-Type-Options").orElse(""));
        assertFalse(page.body().matches("(?s).*(\\son\\w+=|<style|style=|<script>|https?://(?!www.w3.org)).*"));
        String tag = page.headers().firstValue("ETag").orElse("");
        HttpRequest again = request("/").header("If-None-Match", tag).build();
        assertEquals(304, client.send(again, BodyHandlers.ofString()).statusCode());
    }

    @Test
    void a_node_that_hangs_is_said_to_and_health_is_answered() throws Exception {
        node.hang = new CountDownLatch(1);
        assertSentence(503, get("/state"));
        long started = System.nanoTime();
        assertSentence(503, get("/readyz"));
        assertEquals(200, get("/healthz").statusCode());
        assertTrue(System.nanoTime() - started < 1_000_000_000L);
        assertTrue(client.send(request("/events").build(), BodyHandlers.ofLines())
                .body()
                .anyMatch(line -> line.equals("event: trouble")));
    }

    @Test
    void a_mistake_of_the_node_is_one_sentence() throws Exception {
        node.pictureWidth = 0;
        assertSentence(500, get("/picture/drawing"));
        assertEquals(200, get("/state").statusCode());
    }

    @ParameterizedTest
    @CsvSource({"[::1], [::1]", "0.0.0.0, 127.0.0.1", "localhost, localhost"})
    void every_way_to_write_an_address_is_listened_at(String listen, String host) throws Exception {
        try (NodeServer other = NodeServer.start(new HttpConfiguration(listen, 0, null, false), node)) {
            URI health = URI.create("http://" + host + ":" + other.port() + "/healthz");
            HttpRequest request = HttpRequest.newBuilder(health).build();
            assertEquals(200, client.send(request, BodyHandlers.ofString()).statusCode());
        }
    }

    @Test
    void an_address_in_use_is_one_sentence() {
        HttpConfiguration taken = new HttpConfiguration("127.0.0.1", server.port(), null, false);
        WindhoverException refused = assertThrows(WindhoverException.class, () -> NodeServer.start(taken, node));
        assertTrue(refused.getMessage().startsWith("http.listen: cannot listen at 127.0.0.1:"), refused.getMessage());
    }

    @Test
    void viewers_share_one_encoding_for_a_fifth_of_a_second() throws Exception {
        Pictures pictures = new Pictures();
        Answer first = pictures.answer("drawing", node::picture);
        assertSame(first, pictures.answer("drawing", node::picture));
        Thread.sleep(250);
        assertNotSame(first, pictures.answer("drawing", node::picture));
        assertNull(pictures.answer("yard", node::picture));
    }
}
