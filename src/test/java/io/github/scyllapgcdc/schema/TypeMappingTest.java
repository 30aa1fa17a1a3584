package io.github.scyllapgcdc.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.type.ListType;
import com.datastax.oss.driver.api.core.type.MapType;
import com.datastax.oss.driver.api.core.type.SetType;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import com.datastax.oss.protocol.internal.ProtocolConstants;
import io.github.scyllapgcdc.event.EventTypes;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/type-mapping.md says is what the code does, row by row. */
class TypeMappingTest {
    private static final Path DOCUMENT = Path.of("docs/type-mapping.md");
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");

    /** A row of the table of types, for one of the CQL types that it names. */
    record Row(String cql, String avro, String postgres, String written, String ranges) {
        DataType type() {
            return CqlSamples.type(cql);
        }

        @Override
        public String toString() {
            return cql;
        }
    }

    /** A row of the table of JSON values. */
    record JsonRow(String cql, String literal, String json) {}

    /** A row of the table of comparisons. */
    record ComparedRow(String cql, String one, String other, String compared) {}

    static List<Row> rows() throws IOException {
        return table("CQL").stream()
                .flatMap(cells -> code(cells.get(0)).stream()
                        .map(cql -> new Row(cql, cells.get(1), cells.get(2), cells.get(3), cells.get(4))))
                .toList();
    }

    static List<JsonRow> jsonRows() throws IOException {
        return table("CQL type").stream()
                .map(cells -> cells.stream().map(cell -> code(cell).get(0)).toList())
                .map(cells -> new JsonRow(cells.get(0), cells.get(1), cells.get(2)))
                .toList();
    }

    static List<ComparedRow> comparedRows() throws IOException {
        return table("Column").stream()
                .map(cells -> new ComparedRow(
                        code(cells.get(0)).get(0),
                        code(cells.get(1)).get(0),
                        code(cells.get(2)).get(0),
                        cells.get(3)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aRowSaysWhatTheCodeDoes(Row row) {
        DataType type = row.type();
        if (row.avro().equals("refused")) {
            assertThat(row.postgres()).isEqualTo("refused");
            assertThatThrownBy(() -> CqlTypes.avroType(CqlSamples.TABLE, "c", type))
                    .isInstanceOf(UnsupportedTypeException.class);
            return;
        }
        Schema avro = CqlTypes.avroType(CqlSamples.TABLE, "c", type);

        assertThat(row.avro()).isEqualTo('`' + describe(avro) + '`');
        assertThat(row.postgres()).isEqualTo('`' + SqlTypes.of(avro).name() + '`');
        assertThat(row.written()).isEqualTo(written(type, avro));
        assertThat(row.ranges()).isEqualTo(ranges(type, avro));
    }

    @ParameterizedTest
    @MethodSource("jsonRows")
    void anExampleIsHowTheValueLooksInJson(JsonRow row) {
        DataType type = CqlSamples.type(row.cql());
        Schema avro = CqlTypes.avroType(CqlSamples.TABLE, "v", type);

        assertThat(new JsonText(ValuePolicy.STRICT)
                        .of(avro, CqlSamples.asTheSinkHasIt(type, CqlSamples.bytes(type, row.literal()))))
                .isEqualTo(row.json());
    }

    @ParameterizedTest
    @MethodSource("comparedRows")
    void twoValuesAreComparedAsTheTableSays(ComparedRow row) {
        DataType type = CqlSamples.type(row.cql());

        boolean same = Arrays.equals(canonical(type, row.one()), canonical(type, row.other()));

        assertThat(same ? "the same" : "different").isEqualTo(row.compared());
    }

    private static byte[] canonical(DataType type, String literal) {
        Object value = "NULL".equals(literal) ? null : CqlTypes.reader(type).read(CqlSamples.bytes(type, literal));
        CanonicalBuffer buffer = new CanonicalBuffer();
        Canonical.of(CqlSamples.column(type), ValuePolicy.STRICT).write(value, buffer);
        return buffer.toByteArray();
    }

    @Test
    void noTypeOfCqlIsMissing() throws Exception {
        // Given every type that the protocol knows; a vector is a custom one there
        Map<Integer, String> known = new TreeMap<>();
        for (Field constant : ProtocolConstants.DataType.class.getFields()) {
            if (Modifier.isStatic(constant.getModifiers()) && constant.getType() == int.class) {
                known.put(constant.getInt(null), constant.getName());
            }
        }

        // When
        List<DataType> described = rows().stream().map(Row::type).toList();

        // Then
        assertThat(described.stream().map(type -> known.get(type.getProtocolCode())))
                .containsAll(known.values());
        assertThat(described.stream().filter(TypeMappingTest::isNotFrozen).map(DataType::getProtocolCode))
                .as("not frozen")
                .contains(
                        ProtocolConstants.DataType.LIST,
                        ProtocolConstants.DataType.SET,
                        ProtocolConstants.DataType.MAP,
                        ProtocolConstants.DataType.UDT);
        assertThat(described.stream().filter(type -> !isNotFrozen(type)).map(DataType::getProtocolCode))
                .as("frozen")
                .contains(
                        ProtocolConstants.DataType.LIST,
                        ProtocolConstants.DataType.SET,
                        ProtocolConstants.DataType.MAP,
                        ProtocolConstants.DataType.UDT);
    }

    private static String written(DataType type, Schema avro) {
        if (CqlTypes.removedType(CqlSamples.TABLE, "c", type) != null) {
            return "by element";
        }
        return avro.getObjectProp(EventTypes.ELEMENTS_EXPIRE) == null ? "whole" : "read back";
    }

    /** CQL has no keys of types that are not frozen, and none of durations. */
    private static String ranges(DataType type, Schema avro) {
        if (isNotFrozen(type) || type.equals(DataTypes.DURATION)) {
            return "–";
        }
        String order = SqlTypes.order(avro).orElse("none");
        return switch (order) {
            case "none" -> order;
            case "%s" -> "itself";
            default -> '`' + order.replaceAll("\\(?%s\\)?", "").strip() + '`';
        };
    }

    private static boolean isNotFrozen(DataType type) {
        return (type instanceof ListType list && !list.isFrozen())
                || (type instanceof SetType set && !set.isFrozen())
                || (type instanceof MapType map && !map.isFrozen())
                || (type instanceof UserDefinedType user && !user.isFrozen());
    }

    /** An Avro type as the document writes it. */
    private static String describe(Schema type) {
        String name = type.getType().getName();
        String text = switch (type.getType()) {
            case ARRAY -> name + " of " + describe(type.getElementType());
            case MAP -> name + " of " + describe(type.getValueType());
            case RECORD ->
                type.getFields().stream()
                        .map(field -> field.name() + ": " + describe(EventTypes.withoutNull(field.schema())))
                        .collect(Collectors.joining(", ", name + " {", "}"));
            default -> name;
        };
        List<String> marks = new ArrayList<>();
        Stream.of("logicalType", EventTypes.CONNECT_TYPE, EventTypes.COLLECTION)
                .map(type::getProp)
                .filter(mark -> mark != null && !mark.equals(name))
                .forEach(marks::add);
        if (EventTypes.TIME.equals(type.getProp(EventTypes.SORTED_BY))) {
            marks.add("sorted by time");
        }
        if (Boolean.TRUE.equals(type.getObjectProp(EventTypes.ELEMENTS_EXPIRE))) {
            marks.add("elements expire");
        }
        return marks.isEmpty() ? text : text + " (" + String.join(", ", marks) + ")";
    }

    /** The cells of the table that begins with a column of this name, without its head. */
    private static List<List<String>> table(String firstColumn) throws IOException {
        return Files.readAllLines(DOCUMENT).stream()
                .dropWhile(line -> !line.startsWith("| " + firstColumn + " |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Arrays.stream(
                                line.substring(1, line.lastIndexOf('|')).split("\\|", -1))
                        .map(String::strip)
                        .toList())
                .toList();
    }

    private static List<String> code(String cell) {
        List<String> found = new ArrayList<>();
        Matcher matcher = CODE.matcher(cell);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
