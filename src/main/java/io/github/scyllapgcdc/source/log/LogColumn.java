package io.github.scyllapgcdc.source.log;

import com.datastax.oss.driver.api.core.type.DataType;

/** A column of the log as a page describes it. */
public record LogColumn(String name, DataType type) {}
