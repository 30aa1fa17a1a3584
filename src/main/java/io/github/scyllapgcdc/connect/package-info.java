/**
 * Kafka Connect's REST interface over this application's connectors, as far as tools use it that were made for Connect: the same
 * paths, the same answers. docs/connect-api.yaml describes it.
 */
package io.github.scyllapgcdc.connect;
