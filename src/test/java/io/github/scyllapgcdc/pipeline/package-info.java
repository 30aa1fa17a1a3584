/**
 * The whole pipeline as its users run it: the packaged application as a process of its own between real servers, judged only by
 * what arrives in Postgres and what is in Kafka.
 */
package io.github.scyllapgcdc.pipeline;
