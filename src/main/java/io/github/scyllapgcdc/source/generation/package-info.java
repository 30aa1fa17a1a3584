/**
 * The log's generations and streams, as scylla-cdc-java's {@code Master} finds them. Its {@code Worker} is not used: our own
 * reader reads whole pages.
 */
package io.github.scyllapgcdc.source.generation;
