/**
 * How long a change takes from ScyllaDB to PostgreSQL, as measured with marker rows that are written, waited for and removed. The flow
 * is {@code routes/latency.camel.yaml}.
 */
package io.github.scyllapgcdc.probe;
