package io.windhover.runtime.mqtt;

/**
 * Something to publish at QoS 1.
 *
 * @param payload  not to be changed afterwards
 * @param retained whether the broker keeps it for later subscribers
 */
record Message(String topic, byte[] payload, boolean retained) {}
