/**
 * Proves that a Postgres table is equal to its ScyllaDB table while the pipeline runs, and asks for what is not. Both sides are
 * read once and compared by sums of row hashes; what differs is looked at row by row, and is a difference only when the
 * pipeline had passed the moment at which ScyllaDB was read. Repairs nothing itself: rows are asked for in {@code cdc-refresh}.
 */
package io.github.scyllapgcdc.reconcile;
