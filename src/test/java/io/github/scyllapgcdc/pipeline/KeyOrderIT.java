package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.pipeline.KeyOrderTypes.Slice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A range holds the same rows in Postgres as in Scylla, for clustering columns of every type and direction. Every type is a
 * clustering column of two tables, ascending in one and descending in the other; where one type is looked at, the columns
 * before and behind it have one value. Each range is deleted twice, in a partition of its own: in the batch that brings the
 * rows, where the sink decides in Java, and in a later one, where Postgres does.
 */
class KeyOrderIT {
    private static final String TOGETHER = "with its rows: ";
    private static final String LATER = "after its rows: ";
    private static final String NOTHING = "no range: ";
    private static final Duration LANDS = Duration.ofSeconds(60);

    /** Tables with a clustering column of each type, and the direction of all those columns. */
    private static final Map<String, String> ONE_TYPE = Map.of("ascending", "ASC", "descending", "DESC");

    private static final Map<String, String> TWO_COLUMNS = Map.of("a_desc", "a DESC, b ASC", "b_desc", "a ASC, b DESC");
    private static final List<String> TEXTS = List.of("", "B", "a", "b");
    private static final List<String> SLICES_OF_TWO = List.of(
            "a = 2",
            "a = 2 AND b > 'B'",
            "a = 2 AND b >= 'B' AND b < 'b'",
            "a = 2 AND b <= 'B'",
            "a > 1 AND a <= 3",
            "a < 2",
            "(a, b) > (2, 'B')",
            "(a, b) <= (2, 'a')",
            "(a, b) >= (1, 'b') AND (a, b) < (3, 'a')",
            "(a, b) > (1, 'B') AND (a) < (4)",
            "(a) > (1) AND (a, b) <= (3, '')");

    private static PipelineFixture fixture;
    private static PipelineApp app;
    private static Instant deadline;

    @BeforeAll
    static void deleteRangesTogetherWithTheirRowsAndLater() throws Exception {
        fixture = new PipelineFixture("key_order");
        String columns = KeyOrderTypes.ALL.stream()
                .map(type -> type.column() + " " + type.type())
                .collect(Collectors.joining(", "));
        for (String table : ONE_TYPE.keySet()) {
            String order = KeyOrderTypes.ALL.stream()
                    .map(type -> type.column() + " " + ONE_TYPE.get(table))
                    .collect(Collectors.joining(", "));
            fixture.table(
                    table,
                    "p text, n int, " + columns + ", PRIMARY KEY (p, " + names() + ")",
                    "CLUSTERING ORDER BY (" + order + ") AND ");
        }
        for (String table : TWO_COLUMNS.keySet()) {
            fixture.table(
                    table,
                    "p text, n int, a int, b text, PRIMARY KEY (p, a, b)",
                    "CLUSTERING ORDER BY (" + TWO_COLUMNS.get(table) + ") AND ");
        }
        List<Runnable> later = new ArrayList<>();
        ONE_TYPE.keySet().forEach(table -> KeyOrderTypes.ALL.forEach(type -> write(table, type, later)));
        TWO_COLUMNS.keySet().forEach(table -> writeTwoColumns(table, later));

        // the log from its beginning, rather than the rows as they are now: what is deleted is seen as well
        app = PipelineApp.start("key-order", Map.of("SOURCE_SNAPSHOT", "never"));
        List<String> tables = Stream.concat(ONE_TYPE.keySet().stream(), TWO_COLUMNS.keySet().stream())
                .toList();
        for (String table : tables) {
            app.deploy(new TableId("key_order", table));
        }
        for (String table : tables) {
            Awaitility.await("the rows of " + table)
                    .atMost(LANDS)
                    .untilAsserted(() -> assertThat(ofPostgres(table, LATER)).isEqualTo(ofScylla(table, LATER)));
        }
        later.forEach(Runnable::run);
        deadline = Instant.now().plus(LANDS);
    }

    @AfterAll
    static void stopTheApplication() throws Exception {
        app.close();
        fixture.close();
    }

    static Stream<Arguments> typesAndTables() {
        return KeyOrderTypes.ALL.stream()
                .flatMap(type -> ONE_TYPE.keySet().stream().map(table -> Arguments.of(type, table)));
    }

    @ParameterizedTest
    @MethodSource("typesAndTables")
    void aRangeOfOneColumnHoldsTheSameRows(KeyOrderTypes type, String table) {
        // Given Scylla has the rows in the order that this test says
        List<Integer> positions =
                IntStream.range(0, type.ordered().size()).boxed().collect(Collectors.toList());
        if (ONE_TYPE.get(table).equals("DESC")) {
            Collections.reverse(positions);
        }
        assertThat(order(table, NOTHING + type.column())).isEqualTo(positions);

        // Then the same rows are left in both databases, and they are the right ones
        for (String phase : List.of(TOGETHER, LATER)) {
            String ofType = phase + type.column() + " ";
            SortedMap<String, SortedSet<Integer>> expected = new TreeMap<>();
            for (Slice slice : type.slices()) {
                if (!slice.left().isEmpty()) {
                    expected.put(phase + slice.restriction(), new TreeSet<>(slice.left()));
                }
            }
            assertThat(ofScylla(table, ofType)).as("in Scylla").isEqualTo(expected);
            awaitInPostgres(table, ofType, expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a_desc", "b_desc"})
    void aRangeOfTwoColumnsHoldsTheSameRows(String table) {
        for (String phase : List.of(TOGETHER, LATER)) {
            awaitInPostgres(table, phase, ofScylla(table, phase));
        }
    }

    private static void awaitInPostgres(
            String table, String partitions, SortedMap<String, SortedSet<Integer>> expected) {
        Duration left = Duration.between(Instant.now(), deadline);
        Awaitility.await("what is left in Postgres")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(200))
                .atMost(left.toMillis() > 500 ? left : Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(ofPostgres(table, partitions)).isEqualTo(expected));
    }

    private static String names() {
        return KeyOrderTypes.ALL.stream().map(KeyOrderTypes::column).collect(Collectors.joining(", "));
    }

    private static void write(String table, KeyOrderTypes type, List<Runnable> later) {
        List<String> rows = IntStream.range(0, type.ordered().size())
                .mapToObj(n -> "n, " + names() + ") VALUES (?, " + n + ", " + values(type, n))
                .toList();
        String before = KeyOrderTypes.ALL.stream()
                .takeWhile(other -> !other.equals(type))
                .map(other -> other.column() + " = " + other.fixed() + " AND ")
                .collect(Collectors.joining());
        insert(table, NOTHING + type.column(), rows);
        for (Slice slice : type.slices()) {
            write(table, rows, before, slice.restriction(), later);
        }
    }

    private static String values(KeyOrderTypes type, int position) {
        return KeyOrderTypes.ALL.stream()
                .map(other -> other.equals(type) ? type.ordered().get(position) : other.fixed())
                .collect(Collectors.joining(", "));
    }

    private static void writeTwoColumns(String table, List<Runnable> later) {
        List<String> rows = IntStream.range(0, 5 * TEXTS.size())
                .mapToObj(n ->
                        "n, a, b) VALUES (?, %d, %d, '%s'".formatted(n, n / TEXTS.size(), TEXTS.get(n % TEXTS.size())))
                .toList();
        SLICES_OF_TWO.forEach(slice -> write(table, rows, "", slice, later));
    }

    /** A range's two partitions: one of them has lost it already, of the other it is deleted later. */
    private static void write(
            String table, List<String> rows, String before, String restriction, List<Runnable> later) {
        String delete = "DELETE FROM key_order." + table + " WHERE p = ? AND " + before + restriction;
        insert(table, TOGETHER + restriction, rows);
        fixture.cql(delete, TOGETHER + restriction);
        insert(table, LATER + restriction, rows);
        later.add(() -> fixture.cql(delete, LATER + restriction));
    }

    private static void insert(String table, String partition, List<String> rows) {
        String batch = rows.stream()
                .map(row -> "INSERT INTO key_order." + table + " (p, " + row + ");")
                .collect(Collectors.joining(" ", "BEGIN UNLOGGED BATCH ", " APPLY BATCH"));
        fixture.cql(batch, Collections.nCopies(rows.size(), partition).toArray());
    }

    private static List<Integer> order(String table, String partition) {
        return fixture
                .scylla()
                .execute(SimpleStatement.newInstance("SELECT n FROM key_order." + table + " WHERE p = ?", partition))
                .all()
                .stream()
                .map(row -> row.getInt("n"))
                .toList();
    }

    /** Numbers of the rows of each partition whose name begins so. */
    private static SortedMap<String, SortedSet<Integer>> ofScylla(String table, String partitions) {
        SortedMap<String, SortedSet<Integer>> rows = new TreeMap<>();
        for (Row row : fixture.scylla().execute("SELECT p, n FROM key_order." + table)) {
            if (row.getString("p").startsWith(partitions)) {
                add(rows, row.getString("p"), row.getInt("n"));
            }
        }
        return rows;
    }

    private static SortedMap<String, SortedSet<Integer>> ofPostgres(String table, String partitions)
            throws SQLException {
        SortedMap<String, SortedSet<Integer>> rows = new TreeMap<>();
        if (fixture.postgres()
                .getMetaData()
                .getTables(null, "key_order", table, null)
                .next()) {
            try (Statement select = fixture.postgres().createStatement();
                    ResultSet result = select.executeQuery("SELECT p, n FROM key_order.\"" + table + "\"")) {
                while (result.next()) {
                    if (result.getString("p").startsWith(partitions)) {
                        add(rows, result.getString("p"), result.getInt("n"));
                    }
                }
            }
        }
        return rows;
    }

    private static void add(Map<String, SortedSet<Integer>> rows, String partition, int number) {
        rows.computeIfAbsent(partition, p -> new TreeSet<>()).add(number);
    }
}
