package io.github.scyllapgcdc.reconcile;

import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.reconcile.DifferenceLog.Entry;
import io.github.scyllapgcdc.refresh.RefreshRequest;
import io.github.scyllapgcdc.refresh.RefreshSender;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Asks the source for the rows that differ, and looks again once it has published them and the sink has applied that. Nothing is
 * written here, so nothing newer is ever undone.
 */
final class Repair {
    private static final int ROWS = 5000;
    private static final String REASON = "reconciliation found that it differs";

    private final RunParts parts;
    private final DifferenceLog log;
    private final Confirmation confirmation;
    private final EventCodec codec;
    private final RefreshSender sender;
    private final RowForm rows;

    Repair(RunParts parts, DifferenceLog log, Confirmation confirmation, EventCodec codec, RefreshSender sender) {
        this.parts = parts;
        this.log = log;
        this.confirmation = confirmation;
        this.codec = codec;
        this.sender = sender;
        this.rows = new RowForm(parts.form());
    }

    /** Repairs what the run found, or only says what it would repair. */
    void run() throws SQLException, InterruptedException {
        ReconcileRequest request = parts.run().request();
        parts.progress().phase(RunStatus.Phase.REPAIRING);
        long after = 0;
        while (true) {
            List<Entry> entries = log.toRepair(request.id(), after, request.deleteExtra(), ROWS);
            if (entries.isEmpty()) {
                return;
            }
            after = entries.get(entries.size() - 1).id();
            List<Entry> possible =
                    entries.stream().filter(entry -> entry.key().isPresent()).toList();
            if (request.dryRun()) {
                log.requested(possible, "planned");
            } else {
                repair(request.id(), possible);
            }
        }
    }

    private void repair(UUID run, List<Entry> entries) throws SQLException, InterruptedException {
        parts.stop().check();
        Moment asked = parts.topic().now();
        sender.send(entries.stream()
                .map(entry -> new RefreshRequest(
                        parts.form().schema().table().topic(),
                        codec.encodeKey(parts.form().schema(), entry.key().orElseThrow()),
                        REASON))
                .toList());
        log.requested(entries, "requested");
        List<Suspect> suspects = new ArrayList<>();
        entries.forEach(entry -> suspects.add(
                new Suspect(rows.key(entry.key().orElseThrow()), null, asked.until(System.currentTimeMillis()))));
        Set<ByteBuffer> equal = new HashSet<>();
        Set<ByteBuffer> different = new HashSet<>();
        List<Finding> findings = confirmation.of(suspects);
        for (Finding finding : findings) {
            if (finding.equal()) {
                equal.add(finding.key().id());
            } else if (finding.determined()) {
                different.add(finding.key().id());
            }
        }
        log.ended(run, with(entries, equal), "repaired");
        log.ended(run, with(entries, different), "failed");
        parts.comparison().record(findings, null);
    }

    private List<Entry> with(List<Entry> entries, Set<ByteBuffer> ids) {
        return entries.stream()
                .filter(entry ->
                        ids.contains(rows.key(entry.key().orElseThrow()).id()))
                .toList();
    }
}
