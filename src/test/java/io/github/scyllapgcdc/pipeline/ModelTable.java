package io.github.scyllapgcdc.pipeline;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table that the model writes to.
 *
 * @param partition the partition key's columns
 * @param clustering the clustering columns, in order
 * @param descending names of clustering columns that are sorted downwards
 * @param weights how often each kind of statement is drawn, relative to the others of this table
 * @param ttl whether writes may expire
 */
record ModelTable(
        String name,
        List<Column> partition,
        List<Column> clustering,
        List<String> descending,
        List<Column> statics,
        List<Column> regular,
        Map<Kind, Integer> weights,
        boolean ttl) {

    record Column(String name, String type) {
        /** Whether the column is written element by element. */
        boolean isMultiCell() {
            return type.startsWith("set<")
                    || type.startsWith("map<")
                    || type.startsWith("list<")
                    || type.equals(ModelValues.PAIR);
        }
    }

    enum Kind {
        INSERT,
        UPDATE,
        DELETE_CELLS,
        DELETE_ROW,
        DELETE_RANGE,
        DELETE_PARTITION,
        /** Under a condition, as a lightweight transaction. */
        CONDITIONAL,
        BATCH
    }

    private static final Map<Kind, Integer> WITHOUT_CLUSTERING = Map.of(
            Kind.INSERT, 30,
            Kind.UPDATE, 40,
            Kind.DELETE_CELLS, 10,
            Kind.DELETE_ROW, 8,
            Kind.CONDITIONAL, 4,
            Kind.BATCH, 8);

    private static final Map<Kind, Integer> WITH_CLUSTERING = Map.of(
            Kind.INSERT, 34,
            Kind.UPDATE, 34,
            Kind.DELETE_CELLS, 6,
            Kind.DELETE_ROW, 6,
            Kind.DELETE_RANGE, 8,
            Kind.DELETE_PARTITION, 2,
            Kind.CONDITIONAL, 3,
            Kind.BATCH, 7);

    /** All tables of the model. */
    static List<ModelTable> all() {
        return List.of(
                new ModelTable(
                        "simple",
                        columns("id int"),
                        List.of(),
                        List.of(),
                        List.of(),
                        columns(
                                "a int; b text; c ascii; d double; e decimal; f float; g bigint; h varint; i smallint;"
                                        + " j tinyint; k boolean; l blob; m uuid; n timeuuid; o timestamp; p date; q time; r inet"),
                        WITHOUT_CLUSTERING,
                        false),
                new ModelTable(
                        "composite",
                        columns("p int; q text"),
                        columns("c1 int; c2 text"),
                        List.of("c2"),
                        List.of(),
                        columns("a int; b text"),
                        WITH_CLUSTERING,
                        false),
                new ModelTable(
                        "statics",
                        columns("p int"),
                        columns("c int"),
                        List.of("c"),
                        columns("s int; t text"),
                        columns("a int; b text"),
                        WITH_CLUSTERING,
                        false),
                new ModelTable(
                        "collections",
                        columns("id int"),
                        List.of(),
                        List.of(),
                        List.of(),
                        columns(
                                "a int; s set<text>; m map<text, int>; l list<int>; u pair; n map<int, frozen<list<text>>>;"
                                        + " k set<frozen<tuple<int, text>>>"),
                        WITHOUT_CLUSTERING,
                        false),
                new ModelTable(
                        "frozens",
                        columns("id int"),
                        List.of(),
                        List.of(),
                        List.of(),
                        columns("s frozen<set<int>>; m frozen<map<text, int>>; l frozen<list<text>>; u frozen<pair>;"
                                + " t tuple<int, text, timestamp>; v vector<float, 3>;"
                                + " n frozen<map<text, list<frozen<pair>>>>"),
                        WITHOUT_CLUSTERING,
                        false),
                new ModelTable(
                        "mixed",
                        columns("p int"),
                        columns("c1 timeuuid; c2 smallint"),
                        List.of("c1"),
                        columns("ss set<int>; sm map<text, int>"),
                        columns("a int; s set<int>; m map<text, text>; l list<text>; u pair"),
                        WITH_CLUSTERING,
                        false),
                new ModelTable(
                        "ttl",
                        columns("p int"),
                        columns("c int"),
                        List.of(),
                        columns("st text"),
                        columns("a int; b text; s set<int>; u pair"),
                        WITH_CLUSTERING,
                        true));
    }

    private static List<Column> columns(String list) {
        return Stream.of(list.split(";"))
                .map(String::strip)
                .map(column ->
                        new Column(column.substring(0, column.indexOf(' ')), column.substring(column.indexOf(' ') + 1)))
                .toList();
    }

    /** What stands between the parentheses of CREATE TABLE. */
    String definition() {
        return Stream.of(
                                described(partition, ""),
                                described(clustering, ""),
                                described(statics, " static"),
                                described(regular, ""))
                        .flatMap(columns -> columns)
                        .collect(Collectors.joining(", "))
                + ", PRIMARY KEY ((" + names(partition) + ")" + (clustering.isEmpty() ? "" : ", " + names(clustering))
                + ")";
    }

    /** What stands behind WITH in CREATE TABLE. */
    String options() {
        return clustering.isEmpty()
                ? ""
                : clustering.stream()
                        .map(column -> column.name() + (descending.contains(column.name()) ? " DESC" : " ASC"))
                        .collect(Collectors.joining(", ", "CLUSTERING ORDER BY (", ") AND "));
    }

    private static Stream<String> described(List<Column> columns, String suffix) {
        return columns.stream().map(column -> column.name() + " " + column.type() + suffix);
    }

    private static String names(List<Column> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }

    Kind draw(Random random) {
        Map<Kind, Integer> ordered = new EnumMap<>(weights); // the same seed must draw the same
        int left = random.nextInt(
                ordered.values().stream().mapToInt(Integer::intValue).sum());
        for (Map.Entry<Kind, Integer> kind : ordered.entrySet()) {
            left -= kind.getValue();
            if (left < 0) {
                return kind.getKey();
            }
        }
        throw new AssertionError("weights do not add up: " + ordered);
    }
}
