package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.deadletter.DeadLetter;
import io.github.scyllapgcdc.deadletter.OriginalRecord;
import io.github.scyllapgcdc.fault.ErrorTaxonomy;
import io.github.scyllapgcdc.trace.BatchLinks;
import io.github.scyllapgcdc.trace.SampledRecord;
import io.github.scyllapgcdc.trace.TraceAttributes;
import io.github.scyllapgcdc.trace.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The traces of a batch's sampled changes, from Kafka to the commit: {@code kafka process} as long as the batch is worked on, and in it
 * {@code postgres apply} and {@code postgres commit} of each attempt. Of a batch without sampled changes it is {@link #NONE}.
 */
final class SinkTrace implements Synchronization, TransactionSynchronization {
    private static final SinkTrace NONE = new SinkTrace(List.of());
    /** What stands between the lines of a reason; behind the first one Postgres shows the row. */
    private static final String LINE_END = "; ";

    private final List<Change> changes;

    private SinkTrace(List<Change> changes) {
        this.changes = changes;
    }

    /** An attempt. */
    @FunctionalInterface
    interface Attempt {
        BatchApplier.Result run() throws SQLException;
    }

    /** The traces that an exchange's batch continues, the same ones for each attempt. */
    static SinkTrace of(Exchange exchange, Traces traces) {
        SinkTrace begun = exchange.getProperty(SinkProperties.TRACE, SinkTrace.class);
        if (begun != null) {
            return begun;
        }
        List<SampledRecord> sampled = BatchLinks.sampled(exchange);
        if (sampled.isEmpty()) {
            return NONE;
        }
        String group = Batch.group(exchange);
        Instant begin = Instant.ofEpochMilli(exchange.getClock().getCreated());
        SinkTrace trace = new SinkTrace(sampled.stream()
                .map(record -> new Change(traces, record, group, begin))
                .toList());
        exchange.setProperty(SinkProperties.TRACE, trace);
        exchange.getExchangeExtension().addOnCompletion(trace);
        return trace;
    }

    /** Runs one attempt within a transaction. */
    BatchApplier.Result apply(Attempt attempt) throws SQLException {
        if (changes.isEmpty()) {
            return attempt.run();
        }
        changes.forEach(Change::apply);
        BatchApplier.Result result;
        try {
            result = attempt.run();
        } catch (SQLException | RuntimeException e) {
            changes.forEach(change -> change.failed(reason(e)));
            throw e;
        }
        changes.forEach(change -> change.applied(result.deadLetters()));
        TransactionSynchronizationManager.registerSynchronization(this);
        return result;
    }

    @Override
    public void afterCompletion(int status) {
        changes.forEach(change -> change.committed(status == STATUS_COMMITTED));
    }

    @Override
    public void onComplete(Exchange exchange) {
        changes.forEach(change -> change.process.end());
    }

    @Override
    public void onFailure(Exchange exchange) {
        Exception error = exchange.getException();
        changes.forEach(change -> {
            Traces.fail(change.process, error == null ? "the batch failed" : reason(error));
            change.process.end();
        });
    }

    private static String reason(Exception error) {
        return firstLine(ErrorTaxonomy.reason(error));
    }

    private static String firstLine(String reason) {
        int end = reason.indexOf(LINE_END);
        return end < 0 ? reason : reason.substring(0, end);
    }

    /** One sampled change, and the spans that are open. */
    private static final class Change {
        private final Traces traces;
        private final SampledRecord record;
        private final Span process;
        private Span step;

        Change(Traces traces, SampledRecord record, String group, Instant begin) {
            this.traces = traces;
            this.record = record;
            this.process = attributed(traces.span("kafka process", SpanKind.CONSUMER, record.parent()))
                    .setAttribute(TraceAttributes.MESSAGING_SYSTEM, "kafka")
                    .setAttribute(TraceAttributes.CONSUMER_GROUP, group)
                    .setStartTimestamp(begin)
                    .startSpan();
        }

        void apply() {
            step = step("postgres apply");
        }

        void failed(String reason) {
            Traces.fail(step, reason);
            step.end();
        }

        /** Ends the step, and begins the commit of what became of the change. */
        void applied(List<DeadLetter> letters) {
            Optional<DeadLetter> refused =
                    letters.stream().filter(letter -> isOf(letter.record())).findFirst();
            if (refused.isPresent()) {
                String reason = "dead-lettered: " + firstLine(refused.get().message());
                Traces.fail(step, reason);
                Traces.fail(process, reason);
            }
            step.end();
            step = step("postgres commit");
        }

        private boolean isOf(OriginalRecord other) {
            return other.offset() == record.offset()
                    && other.partition() == record.partition()
                    && other.topic().equals(record.topic());
        }

        void committed(boolean committed) {
            if (!committed) {
                Traces.fail(step, "not known to be committed");
            }
            step.end();
        }

        private Span step(String name) {
            return attributed(traces.span(name, SpanKind.CLIENT, process.getSpanContext()))
                    .setAttribute(TraceAttributes.DB_SYSTEM, "postgresql")
                    .startSpan();
        }

        private SpanBuilder attributed(SpanBuilder span) {
            return span.setAttribute(TraceAttributes.CHANGE_ID, record.changeId())
                    .setAttribute(TraceAttributes.TABLE, record.topic())
                    .setAttribute(TraceAttributes.TOPIC, record.topic())
                    .setAttribute(TraceAttributes.PARTITION, Integer.toString(record.partition()))
                    .setAttribute(TraceAttributes.OFFSET, record.offset());
        }
    }
}
