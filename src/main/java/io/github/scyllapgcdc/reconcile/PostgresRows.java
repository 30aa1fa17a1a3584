package io.github.scyllapgcdc.reconcile;

import io.github.scyllapgcdc.schema.SqlType;
import io.github.scyllapgcdc.schema.SqlTypes;
import io.github.scyllapgcdc.sink.sql.Identifiers;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** The rows that Postgres has, in its binary format. What is done belongs to the given connection's thread. */
final class PostgresRows {
    /** Keys of one statement. */
    private static final int LOOKUPS = 1000;
    /** The table itself, or the parts that a partitioned one is made of. */
    private static final String RELATIONS = """
            SELECT c.oid::regclass::text, pg_relation_size(c.oid) / current_setting('block_size')::bigint,
                greatest(c.reltuples, 0)::bigint
            FROM pg_class AS c
            WHERE c.oid = to_regclass(?) AND c.relkind <> 'p'
               OR c.oid IN (SELECT relid FROM pg_partition_tree(to_regclass(?)) WHERE isleaf)
            ORDER BY c.oid""";

    private final TableForm form;
    private final Throttle throttle;
    private final String columns;
    private final String keyColumns;

    PostgresRows(TableForm form, Throttle throttle) {
        this.form = form;
        this.throttle = throttle;
        this.columns = list(
                form.columns().stream().filter(column -> column.sql() != null).toList());
        this.keyColumns = list(form.key());
    }

    private static String list(List<TableForm.Column> columns) {
        return columns.stream()
                .map(column -> "t." + Identifiers.quote(column.name()))
                .collect(Collectors.joining(", "));
    }

    /**
     * Where rows lie.
     *
     * @param name as SQL takes it
     * @param blocks how many blocks it has now
     * @param rows how many rows, as far as Postgres knows without counting
     */
    record Relation(String name, long blocks, long rows) {
        /** Without statistics: rows of a block, few rather than many. */
        private static final int ROWS_OF_A_BLOCK = 40;

        long estimatedRows() {
            return Math.max(rows, blocks * ROWS_OF_A_BLOCK);
        }
    }

    /** Takes the rows of a query, one by one; what it is given is good until it returns. */
    @FunctionalInterface
    interface Reader {
        void row(CopyTuple tuple) throws SQLException, InterruptedException;
    }

    /** Which columns are read. */
    enum Columns {
        ALL,
        KEY
    }

    /** The table's relations, always in the same order. */
    List<Relation> relations(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RELATIONS)) {
            statement.setString(1, form.target().quoted());
            statement.setString(2, form.target().quoted());
            List<Relation> relations = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    relations.add(new Relation(result.getString(1), result.getLong(2), result.getLong(3)));
                }
            }
            return relations;
        }
    }

    /**
     * Reads the rows of some blocks.
     *
     * @param to exclusive; -1 for all there are
     * @return how many rows there were
     */
    long blocks(Connection connection, Relation relation, long from, long to, Columns which, Reader reader)
            throws SQLException, InterruptedException {
        return read(
                connection,
                "SELECT " + (which == Columns.ALL ? columns : keyColumns) + " FROM ONLY " + relation.name()
                        + " AS t WHERE t.ctid >= '(" + from + ",0)'"
                        + (to < 0 ? "" : " AND t.ctid < '(" + to + ",0)'"),
                reader);
    }

    /** Reads the keys of all rows of a partition. */
    long partition(Connection connection, Object[] key, Reader reader) throws SQLException, InterruptedException {
        return read(
                connection,
                "SELECT " + keyColumns
                        + join(
                                connection,
                                Collections.singletonList(key),
                                form.schema().partitionKeySize()),
                reader);
    }

    /** Those of the rows that are there. */
    Map<ByteBuffer, RowImage> byKey(Connection connection, Collection<RowKey> keys)
            throws SQLException, InterruptedException {
        Map<ByteBuffer, RowImage> found = new HashMap<>();
        RowForm rows = new RowForm(form);
        List<Object[]> batch = new ArrayList<>(LOOKUPS);
        Iterator<RowKey> possible =
                keys.stream().filter(key -> form.inPostgres(key.values())).iterator();
        while (possible.hasNext()) {
            batch.add(possible.next().values());
            if (batch.size() == LOOKUPS || !possible.hasNext()) {
                String sql =
                        "SELECT " + columns + join(connection, batch, form.key().size());
                read(connection, sql, tuple -> {
                    RowImage image = rows.image(tuple);
                    found.put(image.key().id(), image);
                });
                batch.clear();
            }
        }
        return found;
    }

    /** The rows whose leading key columns are these; the values stand in the statement, since COPY takes no parameters. */
    private String join(Connection connection, List<Object[]> keys, int columnCount) throws SQLException {
        List<String> arrays = new ArrayList<>();
        for (int i = 0; i < columnCount; i++) {
            SqlType type = SqlTypes.of(form.key().get(i).column().type());
            Object[] elements = type.newArray(keys.size());
            for (int row = 0; row < elements.length; row++) {
                elements[row] = type.toElement(keys.get(row)[i]);
            }
            String literal = connection.createArrayOf(type.element(), elements).toString();
            arrays.add(
                    "'" + connection.unwrap(PGConnection.class).escapeLiteral(literal) + "'::" + type.element() + "[]");
        }
        String names = IntStream.range(0, columnCount).mapToObj(i -> "k" + i).collect(Collectors.joining(", "));
        String condition = IntStream.range(0, columnCount)
                .mapToObj(i -> "t." + Identifiers.quote(form.key().get(i).name()) + " = "
                        + SqlTypes.of(form.key().get(i).column().type()).expression("k.k" + i))
                .collect(Collectors.joining(" AND "));
        return " FROM unnest(" + String.join(", ", arrays) + ") AS k (" + names + ") JOIN "
                + form.target().quoted() + " AS t ON " + condition;
    }

    private long read(Connection connection, String select, Reader reader) throws SQLException, InterruptedException {
        CopyTuple tuple = new CopyTuple();
        long rows = 0;
        int unpaid = 0;
        CopyOut copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (" + select + ") TO STDOUT (FORMAT binary)");
        try {
            for (byte[] message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
                if (tuple.read(message)) {
                    reader.row(tuple);
                    rows++;
                    if (++unpaid == LOOKUPS) {
                        throttle.postgres(unpaid);
                        unpaid = 0;
                    }
                }
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
        throttle.postgres(unpaid);
        return rows;
    }
}
