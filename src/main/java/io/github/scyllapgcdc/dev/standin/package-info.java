/**
 * A stand-in for ScyllaDB for development and tests. <strong>It is Apache Cassandra with a CDC plug-in, not ScyllaDB</strong>: a
 * child JVM that speaks CQL and writes Scylla's CDC log tables and generation tables, so that a reader of Scylla's CDC works on
 * it unchanged. What it shows about timing, load or failures of a Scylla cluster is nothing; use a real ScyllaDB for that.
 *
 * <p>Everything here but {@link io.github.scyllapgcdc.dev.standin.StandInCommand} runs inside that child and may use Cassandra's
 * classes; nothing else of the project may use these.
 */
package io.github.scyllapgcdc.dev.standin;
