// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Subscribes at QoS 0, and hands on all that the broker sent, also what came just before it was killed. Paho's client
 * drops the messages that wait for their turn when a connection ends (494 of 2,500 where each takes a millisecond).
 */
final class WholeSubscriber implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;
    private static final int LARGEST_MESSAGE = 1 << 24;

    private final EventLoopGroup group = new NioEventLoopGroup(1);
    private final CountDownLatch subscribed = new CountDownLatch(1);
    private final Channel channel;

    /**
     * @param user whose name is the password, too; null for none
     * @param arrived gets topic and payload, in order
     */
    WholeSubscriber(int port, @Nullable String user, String filter, BiConsumer<String, String> arrived)
            throws IOException, InterruptedException {
        channel = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel made) {
                        made.pipeline()
                                .addLast(
                                        MqttEncoder.INSTANCE,
                                        new MqttDecoder(LARGEST_MESSAGE),
                                        new Arrivals(filter, arrived));
                    }
                })
                .connect("127.0.0.1", port)
                .sync()
                .channel();
        channel.writeAndFlush(connect(user)).sync();
        if (!subscribed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            close();
            throw new IOException("the broker does not let us subscribe within " + PATIENCE_SECONDS + " s");
        }
    }

    private static MqttMessage connect(@Nullable String user) {
        MqttMessageBuilders.ConnectBuilder builder = MqttMessageBuilders.connect()
                .protocolVersion(MqttVersion.MQTT_3_1_1)
                .clientId("listener")
                .cleanSession(true)
                .keepAlive(0);
        if (user != null) {
            builder.username(user).password(user.getBytes(StandardCharsets.UTF_8));
        }
        return builder.build();
    }

    private final class Arrivals extends SimpleChannelInboundHandler<MqttMessage> {
        private final String filter;
        private final BiConsumer<String, String> arrived;

        Arrivals(String filter, BiConsumer<String, String> arrived) {
            this.filter = filter;
            this.arrived = arrived;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
            if (message instanceof MqttConnAckMessage) {
                ChannelFuture unused = context.writeAndFlush(MqttMessageBuilders.subscribe()
                        .messageId(1)
                        .addSubscription(MqttQoS.AT_MOST_ONCE, filter)
                        .build());
            } else if (message instanceof MqttSubAckMessage) {
                subscribed.countDown();
            } else if (message instanceof MqttPublishMessage publish) {
                arrived.accept(
                        publish.variableHeader().topicName(), publish.payload().toString(StandardCharsets.UTF_8));
            }
        }
    }

    /** Waits until the broker has ended the connection; all that it sent is handed on then. */
    void awaitEnd() throws InterruptedException {
        channel.closeFuture().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
