/**
 * A client of the Confluent schema registry's REST API, which Confluent's own registry, Karapace, Redpanda and Apicurio
 * (under {@code /apis/ccompat/v7}) speak. It caches what never changes: a schema's id and an id's schema.
 */
package io.github.scyllapgcdc.registry;
