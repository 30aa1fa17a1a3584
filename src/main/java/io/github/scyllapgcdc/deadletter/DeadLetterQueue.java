package io.github.scyllapgcdc.deadletter;

import io.github.scyllapgcdc.event.RecordHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.support.DefaultMessage;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands dead letters to the route that writes them. */
public final class DeadLetterQueue extends ServiceSupport {
    /** The route takes a list of messages, each with its own headers, and returns when all are written. */
    public static final String ROUTE = "direct:dead-letter";

    private static final int LOGGED = 10;
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterQueue.class);

    private final CamelContext context;
    private ProducerTemplate producer;

    public DeadLetterQueue(CamelContext context) {
        this.context = context;
    }

    @Override
    protected void doStart() {
        producer = context.createProducerTemplate();
        producer.start();
    }

    @Override
    protected void doStop() {
        if (producer != null) {
            producer.stop();
        }
    }

    /**
     * Writes dead letters; they are in the topic when this returns.
     *
     * @throws DeadLetterException if that can't be said of all of them
     */
    public void send(List<DeadLetter> letters) {
        List<Message> messages = letters.stream().map(this::message).toList();
        try {
            producer.sendBody(ROUTE, messages);
        } catch (CamelExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new DeadLetterException(
                    letters.size() + " dead letters could not be written: " + cause.getMessage(), cause);
        }
        for (DeadLetter letter : letters.subList(0, Math.min(LOGGED, letters.size()))) {
            LOG.warn(
                    "Dead letter: record={} changeId={} sqlState={} error={} message=\"{}\"",
                    letter.record().position(),
                    letter.record().header(RecordHeaders.CHANGE_ID).orElse("unknown"),
                    letter.sqlState().orElse("none"),
                    letter.errorClass(),
                    letter.message());
        }
        if (letters.size() > LOGGED) {
            LOG.warn("Dead letters: {} more of the same batch", letters.size() - LOGGED);
        }
    }

    private Message message(DeadLetter letter) {
        OriginalRecord record = letter.record();
        Message message = new DefaultMessage(context);
        message.setBody(record.value());
        if (record.headers() != null) {
            for (Header header : record.headers()) {
                message.setHeader(header.key(), header.value());
            }
        }
        message.setHeader(KafkaConstants.KEY, letter.key().getBytes(StandardCharsets.UTF_8));
        text(message, DeadLetterHeaders.ERROR_CLASS, letter.errorClass());
        text(message, DeadLetterHeaders.ERROR_MESSAGE, letter.message());
        letter.sqlState().ifPresent(state -> text(message, DeadLetterHeaders.ERROR_SQLSTATE, state));
        text(message, DeadLetterHeaders.TOPIC, record.topic());
        letter.topicId().ifPresent(id -> text(message, DeadLetterHeaders.TOPIC_ID, id));
        text(message, DeadLetterHeaders.PARTITION, Integer.toString(record.partition()));
        text(message, DeadLetterHeaders.OFFSET, Long.toString(record.offset()));
        record.header(RecordHeaders.CHANGE_ID).ifPresent(id -> text(message, DeadLetterHeaders.CHANGE_ID, id));
        text(message, DeadLetterHeaders.CONSUMER_GROUP, letter.consumerGroup());
        text(message, DeadLetterHeaders.TIME, letter.time().toString());
        if (record.key() != null) {
            message.setHeader(DeadLetterHeaders.KEY, record.key());
        }
        return message;
    }

    private static void text(Message message, String header, String text) {
        message.setHeader(header, text.getBytes(StandardCharsets.UTF_8));
    }
}
