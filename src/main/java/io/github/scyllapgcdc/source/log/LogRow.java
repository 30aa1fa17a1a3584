package io.github.scyllapgcdc.source.log;

import java.nio.ByteBuffer;

/** A row's cells by index, as the server sent them. */
@FunctionalInterface
public interface LogRow {
    /** The cell's bytes, or null. Their position must not be moved. */
    ByteBuffer cell(int column);
}
