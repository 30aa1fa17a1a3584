package io.github.scyllapgcdc.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;

/**
 * One row of {@code cdc_metadata.reconciliation_log}.
 *
 * @param id its number there
 * @param run the run that found it last
 * @param table {@code <keyspace>.<table>}
 * @param primaryKey the row's key, an object of its columns
 * @param type how the row differs
 * @param columns the columns that differ, each an object with {@code scylla} and {@code postgres}, as text or null; empty for a
 *     row that one side does not have
 * @param detectedAt when it was found first
 * @param resolved whether it was found equal since
 * @param repair what was done about it: none, planned (a dry run), requested, repaired, or failed: asked for, and still different
 */
public record Difference(
        long id,
        UUID run,
        String table,
        JsonNode primaryKey,
        Discrepancy type,
        JsonNode columns,
        Instant detectedAt,
        boolean resolved,
        String repair) {}
