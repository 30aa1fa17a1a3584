package io.github.scyllapgcdc.reconcile.route;

import io.github.scyllapgcdc.reconcile.RunStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/**
 * The report of a run as an Avro record, of a schema that never changes but by fields with defaults: {@code
 * reconciliation-report.avsc}. Camel's data format finds the schema by making one of these.
 */
public final class RunReport extends GenericData.Record {
    /** The schema that reports are written and read with. */
    public static final Schema SCHEMA = schema();

    /** One without values. */
    public RunReport() {
        super(SCHEMA);
    }

    static RunReport of(RunStatus run) {
        RunReport report = new RunReport();
        report.put("run_id", run.id().toString());
        report.put("table_name", run.table());
        report.put("mode", run.mode().text());
        report.put("state", run.state().text());
        report.put("started_ms", run.startedAt().toEpochMilli());
        report.put(
                "finished_ms",
                run.finishedAt() == null ? null : run.finishedAt().toEpochMilli());
        report.put("scylla_rows", run.scyllaRows());
        report.put("postgres_rows", run.postgresRows());
        report.put("missing", run.missing());
        report.put("mismatch", run.mismatch());
        report.put("extra", run.extra());
        report.put("undetermined", run.undetermined());
        report.put("repaired", run.repaired());
        report.put("left", run.left());
        report.put("error", run.error());
        return report;
    }

    private static Schema schema() {
        try (InputStream in = RunStatus.class.getResourceAsStream("reconciliation-report.avsc")) {
            return new Schema.Parser().parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException("reconciliation-report.avsc cannot be read", e);
        }
    }
}
