/**
 * What a log line looks like: text or JSON, one line an event, which route, table and change it is about, and no secret in it.
 * May use Logback, Logstash's encoder and {@code config}; anybody may use {@link io.github.scyllapgcdc.logging.LogContext} and
 * {@link io.github.scyllapgcdc.logging.Redaction}.
 */
package io.github.scyllapgcdc.logging;
