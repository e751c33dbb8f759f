// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.serve.configuration.HttpConfiguration;
import io.windhover.runtime.serve.monitor.NodeState;
import io.windhover.runtime.serve.monitor.NodeState.Activity;
import io.windhover.runtime.serve.monitor.NodeState.Found;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page in Chromium: apt-get install chromium. Screenshots are left in target/page. */
@Tag("full")
class PageTest {
    private static final String TOKEN = "0123456789abcdef";
    private static final String FOCUSED = "(document.activeElement.id || document.activeElement.textContent)";

    private static Browser browser;

    private final FakeNode node = new FakeNode();
    private NodeServer server = start(0);

    private NodeServer start(int port) {
        return start(port, TOKEN);
    }

    private NodeServer start(int port, @Nullable String token) {
        return NodeServer.start(new HttpConfiguration("127.0.0.1", port, token, true), node);
    }

    @BeforeAll
    static void launch() throws Exception {
        browser = new Browser();
    }

    @AfterAll
    static void quit() throws IOException {
        browser.close();
    }

    @BeforeEach
    void open() throws Exception {
        browser.screen(1280, 900, false, false);
        browser.open("http://127.0.0.1:" + server.port() + "/");
        browser.evaluate("sessionStorage.clear()");
        browser.open("http://127.0.0.1:" + server.port() + "/?again");
        browser.await("document.querySelectorAll('#top li').length === 5");
        browser.complaints.clear();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private void unlock(String token) throws Exception {
        browser.click("#token");
        browser.type(token);
        browser.click("#unlock button");
        browser.await("!document.querySelector('#control').hidden");
    }

    @Test
    void the_newest_frame_result_and_figures_are_shown() throws Exception {
        browser.await("document.querySelector('#frame').naturalWidth === 320");
        assertEquals("Newest frame of drawing", browser.evaluate("document.querySelector('#frame').alt"));
        assertEquals("pad-7", browser.evaluate("document.querySelector('h1').textContent.trim()"));
        browser.await("document.querySelector('#connection').textContent === 'Live'");
        browser.await("document.querySelector('#rateplot path').getAttribute('d').length > 20");
        browser.await("document.querySelector('#latencyplot path').getAttribute('d').length > 20");
        assertEquals("6", browser.evaluate("document.querySelectorAll('#stages tr').length"));
        String before = browser.evaluate("document.querySelector('#counts dd').textContent");
        browser.await("document.querySelector('#counts dd').textContent !== '" + before + "'");
        assertEquals(List.of(), browser.complaints);
    }

    @Test
    void names_and_labels_of_strangers_are_text() throws Exception {
        browser.click("#picker li:nth-child(3) button");
        browser.await("document.querySelector('#name').textContent.startsWith('gate <img src=x onerror=')");
        browser.await("document.querySelector('#frame').naturalWidth === 320");
        assertEquals(
                FakeNode.EVIL,
                browser.evaluate("document.querySelector('#top li:nth-child(2) .label span').textContent"));
        assertEquals("0", browser.evaluate("document.querySelectorAll('img[src=x], img[onerror]').length"));
        assertEquals("pad-7", browser.evaluate("document.title"));
        assertEquals(List.of(), browser.complaints);
    }

    @Test
    void a_stream_without_a_frame_says_so() throws Exception {
        browser.click("#picker li:nth-child(2) button");
        browser.await("document.querySelector('#name').textContent === 'yard'");
        browser.await("document.querySelector('#frame').hidden && !document.querySelector('#noframe').hidden");
    }

    @Test
    void clicks_stop_and_start_a_stream_and_change_its_model() throws Exception {
        assertEquals("true", browser.evaluate("document.querySelector('#control').hidden"));
        unlock(TOKEN);
        browser.click("#running");
        browser.await("document.querySelector('#activity').textContent === 'stopped'");
        assertEquals(Activity.STOPPED, node.activities.get("drawing"));
        browser.await("document.querySelector('#running').textContent === 'Start'");
        browser.click("#running");
        browser.await("document.querySelector('#activity').textContent === 'running'");
        browser.evaluate("(() => { const model = document.querySelector('#model'); model.value = 'digits'; "
                + "model.dispatchEvent(new Event('change')); })()");
        browser.click("#apply");
        browser.await("document.querySelector('#outcome').textContent === 'Changed.'");
        assertEquals("digits", node.models.get("drawing"));
        browser.click("#lock");
        browser.await("document.querySelector('#control').hidden");
        assertEquals("0", browser.evaluate("sessionStorage.length"));
    }

    @Test
    void a_stream_that_ended_begins_again() throws Exception {
        browser.click("#picker li:nth-child(2) button");
        browser.await("document.querySelector('#activity').textContent === 'ended'");
        unlock(TOKEN);
        browser.await("document.querySelector('#running').textContent === 'Start'");
        browser.click("#running");
        browser.await("document.querySelector('#activity').textContent === 'running'");
        assertEquals(Activity.RUNNING, node.activities.get("yard"));
        browser.await("document.querySelector('#running').textContent === 'Stop'");
    }

    @Test
    void a_wrong_token_is_said_to_be_wrong() throws Exception {
        browser.click("#token");
        browser.type("wrong");
        browser.click("#unlock button");
        browser.await("document.querySelector('#answer').textContent === 'Not unlocked: the token is wrong.'");
        assertEquals("true", browser.evaluate("document.querySelector('#control').hidden"));
        browser.evaluate("document.querySelector('#token').value = ''");
        unlock(TOKEN);
        String other = "fedcba9876543210";
        server.close();
        server = start(server.port(), other);
        browser.await("document.querySelector('#connection').textContent === 'Live'");
        browser.click("#running");
        browser.await("document.querySelector('#answer').textContent === 'Not changed: the token is wrong.'");
        browser.await("document.querySelector('#control').hidden && !document.querySelector('#unlock').hidden");
        assertEquals(Activity.RUNNING, node.activities.get("drawing"));
    }

    @Test
    void results_without_classes_say_why() throws Exception {
        node.classes = false;
        browser.await("!document.querySelector('#notop').hidden");
        assertEquals("No class in the last result", browser.evaluate("document.querySelector('#notop').textContent"));
        node.models.put("drawing", "digits");
        browser.await("document.querySelector('#notop').textContent === 'This model does not classify'");
    }

    @Test
    void what_was_found_is_framed_in_the_picture_and_listed() throws Exception {
        node.classes = false;
        node.found = List.of(
                new Found("cat", 0, 0.9, List.of(0.25, 0.5, 0.75, 1.0), "#ff0000"),
                new Found(FakeNode.EVIL, 1, 0.5, List.of(0.0, 0.0, 0.5, 0.25), "#00ff00"));
        browser.await("document.querySelectorAll('#boxes rect').length === 2");
        browser.await("document.querySelector('#boxes rect').getAttribute('width') === '160'");
        assertEquals("120", browser.evaluate("document.querySelector('#boxes rect').getAttribute('y')"));
        assertEquals("cat 90 %", browser.evaluate("document.querySelector('#boxes text').textContent"));
        assertEquals("2", browser.evaluate("document.querySelectorAll('#top li').length"));
        assertEquals("0", browser.evaluate("document.querySelectorAll('img[src=x]').length"));
        browser.screenshot(Path.of("target", "page", "boxes.png"));
        node.found = List.of();
        node.results = NodeState.Results.DETECTIONS;
        browser.await("document.querySelector('#notop').textContent === 'Nothing found'");
        assertEquals("0", browser.evaluate("document.querySelectorAll('#boxes rect').length"));
        assertEquals(List.of(), browser.complaints);
    }

    @Test
    void a_token_that_a_reload_adds_is_asked_for() throws Exception {
        int port = server.port();
        server.close();
        server = start(port, null);
        browser.await("document.querySelector('#answer').textContent.includes('no token is configured')");
        server.close();
        server = start(port);
        browser.await("document.querySelector('#answer').textContent === ''");
        assertEquals("false", browser.evaluate("document.querySelector('#unlock').hidden"));
    }

    private void tabTo(String id) throws Exception {
        for (int presses = 0; presses < 20; presses++) {
            browser.press("Tab");
            if (browser.evaluate(FOCUSED).equals(id)) {
                return;
            }
        }
        throw new AssertionError("Tab does not lead to " + id);
    }

    @Test
    void everything_can_be_done_by_keyboard_and_focus_is_seen() throws Exception {
        List<String> order = new ArrayList<>();
        for (int presses = 0; presses < 7; presses++) {
            browser.press("Tab");
            order.add(browser.evaluate(FOCUSED));
            assertEquals("3px", browser.evaluate("getComputedStyle(document.activeElement).outlineWidth"));
        }
        assertEquals("To the stream", order.get(0));
        assertEquals("pause", order.get(1));
        assertTrue(order.get(2).startsWith("drawing") && order.get(4).startsWith("gate"), order.toString());
        assertEquals(List.of("token", "Unlock"), order.subList(5, 7));
        browser.evaluate("document.querySelector('#token').focus()");
        browser.type(TOKEN);
        browser.press("Enter");
        browser.await("document.activeElement.id === 'running'");
        browser.press(" ");
        browser.await("document.querySelector('#running').textContent === 'Start'");
        assertEquals(Activity.STOPPED, node.activities.get("drawing"));
        tabTo("model");
        browser.press("ArrowDown");
        browser.await("document.querySelector('#model').value === 'digits'");
        tabTo("apply");
        browser.press("Enter");
        browser.await("document.querySelector('#outcome').textContent === 'Changed.'");
        assertEquals("digits", node.models.get("drawing"));
    }

    @Test
    void what_is_wrong_stands_at_the_top() throws Exception {
        node.deviceTrouble = "the device does not answer";
        node.connected = false;
        node.alive = false;
        browser.await("document.querySelectorAll('#troubles:not([hidden]) li').length === 3");
        String text = browser.evaluate("document.querySelector('#troubles').textContent");
        assertTrue(text.contains("The inference loop makes no progress.Device: the device does not answer."), text);
        assertEquals("alert", browser.evaluate("document.querySelector('#troubles').getAttribute('role')"));
        assertEquals("! pad-7", browser.evaluate("document.title"));
    }

    @Test
    void a_lost_connection_is_said_and_comes_back_by_itself() throws Exception {
        int port = server.port();
        server.close();
        browser.await(
                "/^Disconnected since [0-9:]+, trying again$/.test(document.querySelector('#connection').textContent)");
        server = start(port);
        browser.await("document.querySelector('#connection').textContent === 'Live'");
    }

    @Test
    void a_paused_page_holds_still() throws Exception {
        browser.click("#pause");
        browser.await("document.querySelector('#connection').textContent === 'Paused'");
        String before = browser.evaluate("document.querySelector('#counts dd').textContent");
        Thread.sleep(1500);
        assertEquals(before, browser.evaluate("document.querySelector('#counts dd').textContent"));
        assertEquals("true", browser.evaluate("document.querySelector('#pause').getAttribute('aria-pressed')"));
    }

    @Test
    void who_prefers_it_sees_no_motion() throws Exception {
        assertEquals("0.3s", browser.evaluate("getComputedStyle(document.querySelector('.bar')).transitionDuration"));
        browser.screen(1280, 900, false, true);
        assertEquals("0s", browser.evaluate("getComputedStyle(document.querySelector('.bar')).transitionDuration"));
    }

    @ParameterizedTest
    @CsvSource({"390, 844, false", "390, 844, true", "1280, 900, false", "1280, 900, true"})
    void the_page_fits_screens_by_day_and_night(int width, int height, boolean dark) throws Exception {
        node.cameraTrouble = "ffmpeg says \"Connection refused\"; trying again";
        browser.screen(width, height, dark, false);
        browser.await("document.querySelectorAll('#troubles:not([hidden]) li').length === 1");
        browser.await("document.querySelector('#frame').naturalWidth === 320");
        unlock(TOKEN);
        Thread.sleep(3000);
        assertEquals("true", browser.evaluate("document.documentElement.scrollWidth <= innerWidth"));
        assertEquals(
                "",
                browser.evaluate(
                        "[...document.querySelectorAll('button, select, input')].filter(one => one.offsetHeight > 0 "
                                + "&& one.offsetHeight < 40).map(one => one.outerHTML).join()"));
        assertEquals(
                dark ? "rgb(20, 23, 26)" : "rgb(245, 246, 247)",
                browser.evaluate("getComputedStyle(document.body).backgroundColor"));
        browser.screenshot(Path.of("target", "page", width + (dark ? "-dark" : "-light") + ".png"));
    }
}
