package io.github.scyllapgcdc.dev.standin;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.cassandra.db.marshal.AbstractType;
import org.apache.cassandra.db.marshal.SetType;
import org.apache.cassandra.db.marshal.UserType;
import org.apache.cassandra.db.rows.Cell;

/** Cells of a collection or user type, which are sorted by their paths, as one frozen value in CQL's serialized form. */
final class FrozenValues {
    private FrozenValues() {}

    /** The frozen set of the cells' keys: elements of a set, keys of a map, time UUIDs of a list, field numbers of a type. */
    static ByteBuffer keys(List<Cell<?>> cells) {
        ByteBuffer[] keys = cells.stream().map(cell -> cell.path().get(0)).toArray(ByteBuffer[]::new);
        return counted(keys.length, keys);
    }

    /** A set is itself, a map is itself, a list is a map from the cells' time UUIDs, a user type's other fields are null. */
    static ByteBuffer of(AbstractType<?> type, List<Cell<?>> cells) {
        if (type instanceof UserType userType) {
            return fields(cells, userType.size());
        }
        if (type instanceof SetType) {
            return keys(cells);
        }
        ByteBuffer[] entries = new ByteBuffer[2 * cells.size()];
        for (int i = 0; i < cells.size(); i++) {
            entries[2 * i] = cells.get(i).path().get(0);
            entries[2 * i + 1] = cells.get(i).buffer();
        }
        return counted(cells.size(), entries);
    }

    private static ByteBuffer fields(List<Cell<?>> cells, int fieldCount) {
        ByteBuffer[] fields = new ByteBuffer[fieldCount];
        cells.forEach(cell -> fields[cell.path().get(0).duplicate().getShort()] = cell.buffer());
        return pack(ByteBuffer.allocate(size(fields)), fields).flip();
    }

    private static ByteBuffer counted(int count, ByteBuffer[] values) {
        return pack(ByteBuffer.allocate(Integer.BYTES + size(values)).putInt(count), values)
                .flip();
    }

    private static int size(ByteBuffer[] values) {
        return Arrays.stream(values)
                .mapToInt(value -> Integer.BYTES + (value == null ? 0 : value.remaining()))
                .sum();
    }

    private static ByteBuffer pack(ByteBuffer packed, ByteBuffer[] values) {
        for (ByteBuffer value : values) {
            if (value == null) {
                packed.putInt(-1);
            } else {
                packed.putInt(value.remaining()).put(value.duplicate());
            }
        }
        return packed;
    }
}
