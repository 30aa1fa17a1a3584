package io.github.scyllapgcdc.source.log;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeState;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;

/** Compares the local clock with Scylla's. */
public final class ClockCheck {
    private ClockCheck() {}

    /**
     * Scylla's clock minus ours, milliseconds, of the node that is furthest off. What the round trip leaves open counts as
     * agreement, so a slow network alone never looks like a wrong clock.
     */
    public static long offsetMillis(CqlSession session, InstantSource clock) {
        long furthest = 0;
        for (Node node : session.getMetadata().getNodes().values()) {
            if (node.getState() == NodeState.UP && node.getOpenConnections() > 0) {
                long offset = offsetMillis(session, clock, node);
                if (Math.abs(offset) > Math.abs(furthest)) {
                    furthest = offset;
                }
            }
        }
        return furthest;
    }

    private static long offsetMillis(CqlSession session, InstantSource clock, Node node) {
        SimpleStatement now = SimpleStatement.newInstance("SELECT now() FROM system.local")
                .setNode(node)
                .setIdempotent(true);
        long before = clock.millis();
        long began = System.nanoTime();
        Row row = session.execute(now).one();
        long after = before + Duration.ofNanos(System.nanoTime() - began).toMillis();
        UUID theirs = row == null ? Uuids.startOf(after) : row.getUuid(0);
        long millis = Uuids.unixTimestamp(theirs == null ? Uuids.startOf(after) : theirs);
        if (millis < before) {
            return millis - before;
        }
        return Math.max(0, millis - after);
    }
}
