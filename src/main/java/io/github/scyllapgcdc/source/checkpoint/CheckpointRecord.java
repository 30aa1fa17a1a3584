package io.github.scyllapgcdc.source.checkpoint;

/** One checkpoint: what it is about, and what it says. */
public record CheckpointRecord(CheckpointKey key, CheckpointValue value) {}
