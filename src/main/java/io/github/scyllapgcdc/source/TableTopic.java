package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.source.checkpoint.CheckpointKey;
import io.github.scyllapgcdc.source.checkpoint.CheckpointRecord;
import io.github.scyllapgcdc.source.checkpoint.CheckpointState;
import io.github.scyllapgcdc.source.checkpoint.CheckpointValue;
import io.github.scyllapgcdc.source.kafka.SourceTopics;
import io.github.scyllapgcdc.source.load.LoadPlan;
import io.github.scyllapgcdc.source.log.FinalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table's topic, which is made and put on record if the table was never published. Afterwards it has to stay what it was,
 * or else the changes of a key would be in two partitions, or missing.
 */
final class TableTopic {
    private static final Logger LOG = LoggerFactory.getLogger(TableTopic.class);

    private final SourceOptions options;
    private final String name;
    private final SourceTopics topics;
    private final BatchSender sender;
    private final CamelContext context;
    private final LossCheck losses;

    TableTopic(SourceOptions options, SourceTopics topics, BatchSender sender, CamelContext context) {
        this.options = options;
        this.name = options.table().topic();
        this.topics = topics;
        this.sender = sender;
        this.context = context;
        this.losses = new LossCheck(options, sender.meters());
    }

    /** Whether the topic is the one that it was. */
    boolean isStill(CheckpointValue.Topic topic) {
        return topics.describe(name).equals(Optional.of(topic));
    }

    /**
     * The topic as it is now.
     *
     * @throws SourceException if it is not what the checkpoints say, and the route's onLoss is to stop then
     */
    CheckpointValue.Topic require(CheckpointState committed, FinalTime finalTime) {
        CheckpointValue.Topic known = committed.topic().orElse(null);
        CheckpointValue.Topic now = topics.describe(name).orElse(null);
        if (known != null && now != null && known.equals(now)) {
            return now;
        }
        List<CheckpointRecord> entries = new ArrayList<>();
        if (known != null && (now == null || !now.topicId().equals(known.topicId()))) {
            entries.addAll(loads(
                    "topic " + name + (now == null ? " is gone" : " was deleted and made again")
                            + " since its checkpoints were written: what the sink had not applied is lost",
                    finalTime));
        } else if (known != null) {
            losses.broken(
                    "topic " + name + " had " + known.partitions() + " partitions and now has " + now.partitions()
                            + ": changes of one key would be in two partitions, without order",
                    "Delete the topic and load the table again with onLoss=RELOAD in the route's scylla-cdc: address, "
                            + "or accept the loss of order with onLoss=CONTINUE and reconcile");
        }
        CheckpointValue.Topic made = now == null ? topics.createTable(name) : now;
        entries.add(new CheckpointRecord(new CheckpointKey.Topic(options.table().toString()), made));
        sender.send(entries.stream()
                .map(entry -> RecordFactory.checkpoint(context, entry))
                .collect(Collectors.toCollection(ArrayList::new)));
        return made;
    }

    /** Whichever task finds the loss puts a load of every task on record with it: the others may see the new topic only. */
    private List<CheckpointRecord> loads(String lost, FinalTime finalTime) {
        List<CheckpointRecord> loads = new ArrayList<>();
        try {
            losses.lost(lost);
        } catch (ReloadException e) {
            LOG.error("table={} {}; loading the table again", options.table(), lost);
            long millis = System.currentTimeMillis();
            for (int task = 0; task < options.share().tasks(); task++) {
                loads.add(new CheckpointRecord(
                        new CheckpointKey.Load(
                                options.table().toString(), options.share().tasks(), task),
                        LoadPlan.reload(millis, finalTime.until())));
            }
        }
        return loads;
    }
}
