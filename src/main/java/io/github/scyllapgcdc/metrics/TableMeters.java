package io.github.scyllapgcdc.metrics;

import io.github.scyllapgcdc.event.Operation;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What both halves of a table's pipeline measure alike. All meters are there from the beginning, so that each can be queried. */
abstract class TableMeters {
    private final MeterRegistry registry;
    private final String table;
    private final Map<Operation, Counter> changes = new EnumMap<>(Operation.class);
    private final Map<Operation, Counter> bytes = new EnumMap<>(Operation.class);
    private final Map<Stage, Timer> stages = new EnumMap<>(Stage.class);
    private final DistributionSummary batches;
    private final Counter gaps;

    TableMeters(MeterRegistry registry, String table, String side, String done, Stage... stages) {
        this.registry = registry;
        this.table = table;
        for (Operation operation : Operation.values()) {
            changes.put(
                    operation,
                    counter("cdc." + side + ".changes", "Changes that were " + done, "op", operation.code()));
            bytes.put(
                    operation,
                    Counter.builder("cdc." + side + ".bytes")
                            .description("Keys and values of the changes that were " + done + ", as they are in Kafka")
                            .baseUnit("bytes")
                            .tags("table", table, "op", operation.code())
                            .register(registry));
        }
        for (Stage stage : stages) {
            this.stages.put(
                    stage,
                    Timer.builder("cdc.stage")
                            .description("Time that the parts of a batch's way took")
                            .tags("table", table, "stage", stage.text())
                            .register(registry));
        }
        batches = DistributionSummary.builder("cdc." + side + ".batch.records")
                .description("Records of the batches that were " + done)
                .tags("table", table)
                .register(registry);
        gaps = counter("cdc.gaps", "Times that changes were found to be gone before they were read", "side", side);
    }

    final Counter counter(String name, String description, String... tags) {
        return Counter.builder(name)
                .description(description)
                .tags("table", table)
                .tags(tags)
                .register(registry);
    }

    final void time(Stage stage, long nanos) {
        stages.get(stage).record(nanos, TimeUnit.NANOSECONDS);
    }

    final void count(Tally tally, long records) {
        for (Operation operation : Operation.values()) {
            if (tally.changes(operation) > 0) {
                changes.get(operation).increment((double) tally.changes(operation));
                bytes.get(operation).increment((double) tally.bytes(operation));
            }
        }
        if (records > 0) {
            batches.record((double) records);
        }
    }

    /** Changes are gone before they were read. */
    public final void gap() {
        gaps.increment();
    }
}
