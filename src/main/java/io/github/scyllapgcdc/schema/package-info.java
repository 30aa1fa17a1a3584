/**
 * The one place where types are mapped: CQL to the event's Avro types ({@link io.github.scyllapgcdc.schema.CqlTypes}, used by
 * the source) and the event's Avro types to SQL ({@link io.github.scyllapgcdc.schema.SqlTypes}, used by the sink).
 */
package io.github.scyllapgcdc.schema;
