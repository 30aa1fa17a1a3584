/**
 * A stand-in for ScyllaDB for development and tests. <strong>It is Apache Cassandra with a CDC plug-in, not ScyllaDB</strong>: a
 * child JVM that speaks CQL and writes Scylla's CDC log tables and generation tables, so that a reader of Scylla's CDC works on
 * it unchanged. What it shows about timing, load or failures of a Scylla cluster is nothing; use a real ScyllaDB for that.
 *
 * <p>Where its log differs from Scylla's: a row that one write both writes and deletes at one timestamp is logged as deleted alone,
 * and deletes in a conditional batch are a microsecond older than its other statements, since Cassandra makes it so before
 * the memtable sees the write; setting a collection to null, alone in its statement, is logged a microsecond before the
 * write's timestamp; operations of a TTL service (-3, -4) do not exist; images of writes that only the commit log's replay
 * logs are missing.
 *
 * <p>Everything here but {@link io.github.scyllapgcdc.dev.standin.StandInCommand} runs inside that child and may use Cassandra's
 * classes; nothing else of the project may use these.
 */
package io.github.scyllapgcdc.dev.standin;
