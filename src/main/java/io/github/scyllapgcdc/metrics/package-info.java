/**
 * What the pipeline measures of the changes that pass, as Micrometer meters: counted by the batch, never by the row. docs/metrics.md
 * has each with its meaning. Knows no server.
 */
package io.github.scyllapgcdc.metrics;
