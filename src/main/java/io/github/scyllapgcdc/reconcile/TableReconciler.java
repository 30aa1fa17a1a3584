package io.github.scyllapgcdc.reconcile;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.reconcile.DifferenceLog.Entry;
import io.github.scyllapgcdc.refresh.RefreshSender;
import io.github.scyllapgcdc.registry.SchemaRegistry;
import io.github.scyllapgcdc.source.load.Tokens;
import io.github.scyllapgcdc.source.log.ChangedKeys;
import io.github.scyllapgcdc.source.log.ClockCheck;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** One run: puts its parts together, and does it from beginning to end. Belongs to one thread. */
final class TableReconciler implements AutoCloseable {
    private static final int ENTRIES = 5000;
    private final Run run;
    private final CdcConfig config;
    private final SchemaRegistry registry;
    private final CqlSession session;
    private final ConsistencyLevel consistency;
    private final RunParts parts;
    private final PipelineFence fence;
    private final Confirmation confirmation;
    private final DifferenceLog log;

    TableReconciler(
            Run run,
            TableForm form,
            CdcConfig config,
            SchemaRegistry registry,
            CqlSession session,
            DataSource dataSource,
            RunStore store,
            RunProgress progress,
            StopRequest stop) {
        this.run = run;
        this.config = config;
        this.registry = registry;
        this.session = session;
        Throttle throttle = new Throttle(config.reconcile().maxRowsPerSecond(), stop);
        this.consistency = DefaultConsistencyLevel.valueOf(config.reconcile().consistency());
        ScyllaRows scylla = new ScyllaRows(session, form, consistency, throttle);
        PostgresRows postgres = new PostgresRows(form, throttle);
        long clockOffset = ClockCheck.offsetMillis(session, InstantSource.system());
        TopicChanges topic = new TopicChanges(config.kafka(), registry, form);
        this.fence = new PipelineFence(config, form.schema().table(), form.target(), clockOffset, stop);
        this.confirmation = new Confirmation(
                dataSource, scylla, postgres, fence, topic, config.reconcile().rounds(), stop);
        this.log = new DifferenceLog(dataSource, form);
        Comparison comparison = new Comparison(
                run,
                form,
                dataSource,
                postgres,
                scylla,
                topic,
                confirmation,
                log,
                progress,
                config.reconcile().maxLogged());
        this.parts = new RunParts(
                run,
                form,
                dataSource,
                scylla,
                postgres,
                topic,
                new Tokens(session),
                comparison,
                store,
                progress,
                new Workers(
                        config.reconcile().parallelism(),
                        "reconcile-" + run.request().table(),
                        stop),
                throttle,
                stop);
    }

    void run() throws SQLException, InterruptedException {
        look().run();
        lookAgainAtOpenOnes();
        if (run.request().repair() || run.request().dryRun()) {
            try (RefreshSender sender = RefreshSender.connect(config.kafka().adminProperties())) {
                new Repair(parts, log, confirmation, new EventCodec(registry), sender).run();
            }
        }
        parts.progress().phase(RunStatus.Phase.DONE);
    }

    private Look look() {
        return switch (run.request().mode()) {
            case FULL -> new FullLook(parts);
            case SAMPLE -> new SampleLook(parts);
            case INCREMENTAL ->
                new IncrementalLook(
                        parts,
                        new ChangedKeys(
                                session,
                                parts.form().shape(),
                                consistency,
                                config.source().pageSize(),
                                config.reconcile().parallelism()));
        };
    }

    /** What earlier runs left may be equal by now; a full run has seen all that is not. */
    private void lookAgainAtOpenOnes() throws SQLException, InterruptedException {
        RowForm rows = new RowForm(parts.form());
        long after = 0;
        while (true) {
            List<Entry> entries = log.open(run.request().id(), run.resumed(), after, ENTRIES);
            if (entries.isEmpty()) {
                return;
            }
            after = entries.get(entries.size() - 1).id();
            List<RowKey> keys = new ArrayList<>();
            entries.forEach(entry -> entry.key().ifPresent(key -> keys.add(rows.key(key))));
            parts.comparison().lookAgain(keys);
            boolean all = run.request().mode() == Mode.FULL
                    && parts.progress().counts().differences()
                            < config.reconcile().maxLogged();
            if (all) {
                log.resolve(
                        entries.stream().filter(entry -> entry.key().isEmpty()).toList());
            }
        }
    }

    /** The consumers last, when nobody works with them any more. */
    @Override
    public void close() {
        parts.workers().close();
        try {
            parts.topic().close();
        } finally {
            fence.close();
        }
    }
}
