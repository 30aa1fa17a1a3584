package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.source.kafka.KeyPartitioner;
import io.github.scyllapgcdc.source.log.LogChange;
import org.apache.camel.CamelContext;

/** Makes records and begins the traces of sampled ones: in the place of a plain factory only where something is sampled. */
final class TracedRecords extends RecordFactory {
    private final SourceTrace trace;

    TracedRecords(
            CamelContext context,
            EventCodec codec,
            KeyPartitioner partitioner,
            DeadLetters deadLetters,
            int largest,
            SourceTrace trace) {
        super(context, codec, partitioner, deadLetters, largest);
        this.trace = trace;
    }

    @Override
    Outgoing change(LogChange.Change change) {
        Outgoing record = super.change(change);
        if (trace.samples(change.event().source().changeId())) {
            trace.read(change.event(), record);
        }
        return record;
    }

    @Override
    Outgoing undecodable(LogChange.Undecodable change) {
        Outgoing letter = super.undecodable(change);
        if (trace.samples(change.changeId())) {
            trace.read(change, letter);
        }
        return letter;
    }
}
