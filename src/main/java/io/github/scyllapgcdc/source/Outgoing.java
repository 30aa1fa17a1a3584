package io.github.scyllapgcdc.source;

import org.apache.camel.Message;

/**
 * A Kafka record on its way into a batch.
 *
 * @param message as the kafka node takes it
 * @param bytes of its key and value together
 * @param deadLetter whether it goes to the dead-letter topic rather than the table's
 */
record Outgoing(Message message, int bytes, boolean deadLetter) {}
