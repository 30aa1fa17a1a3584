package io.github.scyllapgcdc.reconcile;

/** A run in one line of the log. */
final class RunText {
    private RunText() {}

    static String of(RunStatus run) {
        StringBuilder text = new StringBuilder();
        text.append("table=").append(run.table());
        text.append(" mode=").append(run.mode().text());
        text.append(" run=").append(run.id());
        text.append(" state=").append(run.state().text());
        text.append(" scylla-rows=").append(run.scyllaRows());
        text.append(" postgres-rows=").append(run.postgresRows());
        text.append(" missing=").append(run.missing());
        text.append(" mismatch=").append(run.mismatch());
        text.append(" extra=").append(run.extra());
        text.append(" undetermined=").append(run.undetermined());
        text.append(" repaired=").append(run.repaired());
        if (run.error() != null) {
            text.append(" reason=\"").append(run.error()).append('"');
        }
        return text.toString();
    }
}
