// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.paho.mqttv5.client.IMqttAsyncClient;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.ArgumentCaptor;
import org.mockito.InOrder;

class PahoLinkTest {
    private final IMqttAsyncClient client = mock(IMqttAsyncClient.class);
    private final IMqttToken connecting = mock(IMqttToken.class);
    private final List<Link.Loss> losses = new ArrayList<>();
    private final PublisherSettings settings = PublisherSettings.service(
            new BrokerAddress("nowhere", 1883, false, "bird", "secret"), new Topics("windhover", "here"));

    @BeforeEach
    void broker_answers() throws MqttException {
        when(client.connect(any(MqttConnectionOptions.class))).thenReturn(connecting);
        when(client.isConnected()).thenReturn(true);
    }

    private Link connect() throws LinkException {
        return PahoLink.connector((any, threads) -> client).connect(settings, losses::add);
    }

    private MqttCallback callback() {
        ArgumentCaptor<MqttCallback> captor = ArgumentCaptor.forClass(MqttCallback.class);
        verify(client).setCallback(captor.capture());
        return captor.getValue();
    }

    @Test
    void connects_with_every_guard_set() throws Exception {
        connect();
        ArgumentCaptor<MqttConnectionOptions> captor = ArgumentCaptor.forClass(MqttConnectionOptions.class);
        verify(client).connect(captor.capture());
        MqttConnectionOptions options = captor.getValue();
        assertFalse(options.isAutomaticReconnect());
        assertTrue(options.getKeepAliveInterval() <= 15);
        assertEquals("windhover/here/available", options.getWillDestination());
        assertEquals("offline", new String(options.getWillMessage().getPayload(), StandardCharsets.UTF_8));
        assertTrue(options.getWillMessage().isRetained());
        assertEquals(1, options.getWillMessage().getQos());
        assertTrue(options.getSocketFactory() instanceof PromptSockets);
    }

    @Test
    void takes_its_window_from_the_brokers_answer() throws Exception {
        MqttProperties answer = new MqttProperties();
        answer.setReceiveMaximum(7);
        when(connecting.getResponseProperties()).thenReturn(answer);
        assertEquals(7, connect().receiveMaximum());
    }

    @Test
    void a_failed_attempt_closes_its_client() throws Exception {
        doThrow(new MqttException(new java.net.ConnectException("staged")))
                .when(connecting)
                .waitForCompletion(anyLong());
        LinkException failure = assertThrows(LinkException.class, this::connect);
        assertEquals(LinkException.Kind.UNREACHABLE, failure.kind());
        assertEquals("staged", failure.getMessage());
        verify(client).close();
    }

    @Test
    void a_client_that_throws_anything_is_closed_too() throws Exception {
        doThrow(new IllegalStateException("staged")).when(connecting).waitForCompletion(anyLong());
        assertThrows(LinkException.class, this::connect);
        verify(client).close();
    }

    @Test
    void refused_credentials_are_told_from_an_absent_broker() throws Exception {
        doThrow(new MqttException(0x87)).when(connecting).waitForCompletion(anyLong());
        assertEquals(
                LinkException.Kind.REFUSED,
                assertThrows(LinkException.class, this::connect).kind());
    }

    @ParameterizedTest
    @CsvSource({"0, true, QoS 1", "1, false, retained messages"})
    void a_broker_that_allows_too_little_is_left(int maximumQos, boolean retains, String what) throws Exception {
        MqttProperties answer = new MqttProperties();
        answer.setMaximumQoS(maximumQos);
        answer.setRetainAvailable(retains);
        when(connecting.getResponseProperties()).thenReturn(answer);
        LinkException failure = assertThrows(LinkException.class, this::connect);
        assertEquals(LinkException.Kind.UNSUITABLE, failure.kind());
        assertTrue(failure.getMessage().startsWith("no " + what), failure.getMessage());
        verify(client).close();
    }

    @Test
    void a_loss_is_told_once() throws Exception {
        Link link = connect();
        callback().disconnected(new MqttDisconnectResponse(0x8E, "taken over", new ArrayList<>(), ""));
        callback().mqttErrorOccurred(new MqttException(1));
        assertEquals(List.of(new Link.Loss("taken over", false)), losses);
        assertFalse(link.isConnected());
    }

    @Test
    void our_own_disconnect_is_no_loss() throws Exception {
        when(client.disconnect(anyLong())).thenReturn(mock(IMqttToken.class));
        Link link = connect();
        link.disconnect();
        callback().disconnected(new MqttDisconnectResponse(0, "", new ArrayList<>(), ""));
        assertEquals(List.of(), losses);
    }

    @Test
    void a_node_that_listens_disconnects_once_the_broker_has_its_acknowledgements() throws Exception {
        IMqttToken answer = mock(IMqttToken.class);
        when(client.unsubscribe(any(String[].class))).thenReturn(answer);
        when(client.disconnect(anyLong())).thenReturn(mock(IMqttToken.class));
        PublisherSettings listening =
                settings.withSubscriptions(List.of(new Subscription("windhover/here/ask/infer", 1, message -> {})));
        PahoLink.connector((any, threads) -> client)
                .connect(listening, losses::add)
                .disconnect();
        InOrder order = inOrder(client, answer);
        order.verify(answer).waitForCompletion(anyLong());
        order.verify(client).disconnect(anyLong());
    }

    @Test
    void a_publish_that_throws_is_a_lost_link() throws Exception {
        when(client.publish(any(), any(MqttMessage.class), any(), any())).thenThrow(new MqttException(32104));
        Link link = connect();
        LinkException failure = assertThrows(
                LinkException.class,
                () -> link.publish(new OutgoingMessage("a", new byte[1], false), answer(new ArrayList<>())));
        assertEquals(LinkException.Kind.LOST, failure.kind());
    }

    private static Link.Answer answer(List<String> said) {
        return new Link.Answer() {
            @Override
            public void taken() {
                said.add("taken");
            }

            @Override
            public void refused(String reason) {
                said.add(reason);
            }
        };
    }

    private MqttActionListener listener() throws MqttException {
        ArgumentCaptor<MqttActionListener> listener = ArgumentCaptor.forClass(MqttActionListener.class);
        verify(client).publish(any(), any(MqttMessage.class), any(), listener.capture());
        return listener.getValue();
    }

    @Test
    void an_acknowledgement_with_a_reason_why_not_is_a_refusal() throws Exception {
        Link link = connect();
        List<String> said = new ArrayList<>();
        link.publish(new OutgoingMessage("a", new byte[1], false), answer(said));
        IMqttToken token = mock(IMqttToken.class);
        when(token.getReasonCodes()).thenReturn(new int[] {0x87}, new int[] {0x10}, new int[0], null);
        for (int i = 0; i < 4; i++) {
            listener().onSuccess(token);
        }
        assertEquals(List.of("not authorised", "taken", "taken", "taken"), said);
        assertTrue(link.isConnected());
    }

    @Test
    void a_guest_has_no_will() throws Exception {
        PublisherSettings guest = PublisherSettings.guest(settings.broker(), settings.topics());
        PahoLink.connector((any, threads) -> client).connect(guest, losses::add);
        ArgumentCaptor<MqttConnectionOptions> captor = ArgumentCaptor.forClass(MqttConnectionOptions.class);
        verify(client).connect(captor.capture());
        assertNull(captor.getValue().getWillDestination());
    }

    @Test
    void a_message_that_fails_later_ends_the_link_without_being_acknowledged() throws Exception {
        Link link = connect();
        List<String> acknowledged = new ArrayList<>();
        link.publish(new OutgoingMessage("a", new byte[1], false), answer(acknowledged));
        listener().onFailure(null, new MqttException(1));
        assertEquals(List.of(), acknowledged);
        assertFalse(link.isConnected());
    }
}
