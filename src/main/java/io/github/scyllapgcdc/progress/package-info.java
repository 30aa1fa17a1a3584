/**
 * How far each table's source has come and whether it loads existing rows, as the topic {@code cdc-progress} tells it: for
 * readers that must know neither the source nor its database. Uses Kafka's clients alone.
 */
package io.github.scyllapgcdc.progress;
