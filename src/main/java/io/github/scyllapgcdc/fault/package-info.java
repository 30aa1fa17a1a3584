/**
 * What errors mean: one taxonomy for both halves of the pipeline, pauses between attempts, and a breaker that keeps a server
 * that is down from being asked again and again. Knows the exceptions of every client library, and no part of the pipeline.
 */
package io.github.scyllapgcdc.fault;
