package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.event.Operation;
import java.util.Optional;
import org.apache.camel.Message;

/**
 * A Kafka record on its way into a batch.
 *
 * @param message as the kafka node takes it
 * @param bytes of its key and value together
 * @param operation of the change; empty for a record of the dead-letter topic
 */
record Outgoing(Message message, int bytes, Optional<Operation> operation) {}
