package io.github.scyllapgcdc.reconcile.route;

import io.github.scyllapgcdc.reconcile.Difference;
import io.github.scyllapgcdc.reconcile.RunStatus;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs and differences as JSON has them. Values are never left out; what is not known is null. */
final class RunView {
    private RunView() {}

    static Map<String, Object> of(RunStatus run) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", run.id().toString());
        view.put("table", run.table());
        view.put("mode", run.mode().text());
        view.put("state", run.state().text());
        view.put("phase", run.phase().text());
        view.put("startedAt", run.startedAt().toString());
        view.put(
                "finishedAt", run.finishedAt() == null ? null : run.finishedAt().toString());
        view.put("scyllaRows", run.scyllaRows());
        view.put("postgresRows", run.postgresRows());
        view.put("progress", run.progress());
        view.put("rowsPerSecond", run.rowsPerSecond());
        view.put("secondsLeft", run.secondsLeft());
        view.put("missing", run.missing());
        view.put("mismatch", run.mismatch());
        view.put("extra", run.extra());
        view.put("undetermined", run.undetermined());
        view.put("repaired", run.repaired());
        view.put("left", run.left());
        view.put("error", run.error());
        view.put("resumed", run.resumed());
        return view;
    }

    static Map<String, Object> of(Difference difference) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", difference.id());
        view.put("run", difference.run().toString());
        view.put("table", difference.table());
        view.put("primaryKey", difference.primaryKey());
        view.put("type", difference.type().text());
        view.put("columns", difference.columns());
        view.put("detectedAt", difference.detectedAt().toString());
        view.put("resolved", difference.resolved());
        view.put("repair", difference.repair());
        return view;
    }
}
