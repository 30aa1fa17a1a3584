package io.github.scyllapgcdc.schema;

import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventTypes;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.avro.Schema;

/**
 * One form of bytes for the values of a column in both databases: two values have the same bytes exactly when Postgres holds
 * them as the same value after the pipeline wrote them, or once somebody else did. Each value ends where it says, so bytes of
 * several values in a row are unambiguous, too. See "How values are compared" in docs/type-mapping.md.
 *
 * <p>The bytes are good for comparing and hashing alone; nothing reads them back, and their form may change.
 */
public final class Canonical {
    private static final byte NULL = 0;
    private static final byte VALUE = 1;
    private static final byte UNLIKE = 2;

    private Canonical() {}

    /** Writes a value, which may be null or an {@link UnlikeValue}, behind what the buffer has. */
    @FunctionalInterface
    public interface Writer {
        void write(Object value, CanonicalBuffer out);
    }

    /**
     * The writer of a column's values. In a key, what the sink refuses equals nothing; and outside frozen values there is
     * no difference between an empty value and none.
     *
     * @param policy that of the sink, which counts for columns outside the key alone
     * @throws UnsupportedTypeException if Postgres has no such type
     */
    public static Writer of(EventColumn column, ValuePolicy policy) {
        Schema type = column.type();
        if (column.kind().isKey()) {
            ValueCheck check = ValueCheck.ofKey(type, column.kind() == Kind.PARTITION_KEY);
            return mapped(v -> refused(check, type, v), of(type, ValuePolicy.STRICT));
        }
        boolean frozen = column.removed() == null && type.getObjectProp(EventTypes.ELEMENTS_EXPIRE) == null;
        return frozen ? of(type, policy) : mapped(v -> isEmpty(type, v) ? null : v, of(type, policy));
    }

    /**
     * The writer of the values of a column that is of a type.
     *
     * @throws UnsupportedTypeException if Postgres has no such type
     */
    public static Writer of(Schema type, ValuePolicy policy) {
        boolean array = SqlTypes.of(type, policy).name().endsWith("[]");
        if (!array) {
            return EventTypes.SET.equals(type.getProp(EventTypes.COLLECTION))
                    ? set(json(elementType(type), policy))
                    : isContainer(type) ? json(type, policy) : scalar(type, policy);
        }
        Writer element = scalar(elementType(type), policy);
        return EventTypes.SET.equals(type.getProp(EventTypes.COLLECTION)) ? set(element) : list(element);
    }

    private static Object refused(ValueCheck check, Schema type, Object value) {
        if (value == null || value instanceof UnlikeValue || check.refuse(value) == null) {
            return value;
        }
        return new UnlikeValue("refused: " + ValueText.of(type, value));
    }

    private static boolean isEmpty(Schema type, Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.isEmpty();
        }
        return value instanceof List<?> list
                && (type.getType() == Schema.Type.RECORD ? list.stream().allMatch(Objects::isNull) : list.isEmpty());
    }

    private static boolean isContainer(Schema type) {
        return switch (type.getType()) {
            case ARRAY, MAP, RECORD -> true;
            default -> false;
        };
    }

    private static Schema elementType(Schema array) {
        return EventTypes.withoutNull(array.getElementType());
    }

    private static Writer scalar(Schema type, ValuePolicy policy) {
        return present(CanonicalScalars.ofColumn(type, policy), CanonicalScalars.change(type, policy));
    }

    /** What is in {@code jsonb}: sets keep their order there. */
    private static Writer json(Schema type, ValuePolicy policy) {
        return switch (type.getType()) {
            case ARRAY -> {
                Schema element = elementType(type);
                yield EventTypes.MAP.equals(type.getProp(EventTypes.COLLECTION))
                        ? map(
                                element.getField(EventTypes.ENTRY_KEY).schema(),
                                element.getField(EventTypes.ENTRY_VALUE).schema(),
                                policy)
                        : list(json(element, policy));
            }
            case MAP -> map(Schema.create(Schema.Type.STRING), type.getValueType(), policy);
            case RECORD -> record(type, policy);
            default -> present(CanonicalScalars.ofJson(type, policy), Function.identity());
        };
    }

    private static Writer list(Writer element) {
        return present(
                (value, out) -> {
                    List<?> list = (List<?>) value;
                    out.putInt(list.size());
                    for (Object each : list) {
                        element.write(each, out);
                    }
                },
                Function.identity());
    }

    /** Sorted, and each element once. */
    private static Writer set(Writer element) {
        return present(
                (value, out) -> {
                    List<?> list = (List<?>) value;
                    int count = out.length();
                    out.putInt(0);
                    int[] starts = new int[list.size() + 1];
                    int[] ends = new int[list.size()];
                    starts[0] = out.length();
                    for (int i = 0; i < ends.length; i++) {
                        element.write(list.get(i), out);
                        ends[i] = out.length();
                        starts[i + 1] = ends[i];
                    }
                    out.setInt(count, out.sortParts(starts, ends));
                },
                Function.identity());
    }

    /** Sorted by keys. Of keys that became equal, the last one counts, as in {@code jsonb}. */
    private static Writer map(Schema keyType, Schema valueType, ValuePolicy policy) {
        Writer key = present(CanonicalScalars.ofMapKey(EventTypes.withoutNull(keyType), policy), Function.identity());
        Writer value = json(EventTypes.withoutNull(valueType), policy);
        return present(
                (entries, out) -> {
                    Map<?, ?> map = (Map<?, ?>) entries;
                    int count = out.length();
                    out.putInt(0);
                    int[] starts = new int[map.size() + 1];
                    int[] keyEnds = new int[map.size()];
                    starts[0] = out.length();
                    int i = 0;
                    for (Map.Entry<?, ?> entry : map.entrySet()) {
                        key.write(entry.getKey(), out);
                        keyEnds[i] = out.length();
                        value.write(entry.getValue(), out);
                        starts[++i] = out.length();
                    }
                    out.setInt(count, out.sortParts(starts, keyEnds));
                },
                Function.identity());
    }

    private static Writer record(Schema type, ValuePolicy policy) {
        Writer[] fields = type.getFields().stream()
                .map(field -> json(EventTypes.withoutNull(field.schema()), policy))
                .toArray(Writer[]::new);
        return present(
                (value, out) -> {
                    List<?> values = (List<?>) value;
                    for (int i = 0; i < fields.length; i++) {
                        fields[i].write(values.get(i), out);
                    }
                },
                Function.identity());
    }

    private static Writer mapped(Function<Object, Object> change, Writer writer) {
        return (value, out) -> writer.write(change.apply(value), out);
    }

    /** A writer that tells values from null, and from what no event can have. */
    private static Writer present(Writer writer, Function<Object, Object> change) {
        return (original, out) -> {
            Object value = original == null || original instanceof UnlikeValue ? original : change.apply(original);
            if (value == null) {
                out.put(NULL);
            } else if (value instanceof UnlikeValue unlike) {
                out.put(UNLIKE);
                out.putText(unlike.text());
            } else {
                out.put(VALUE);
                writer.write(value, out);
            }
        };
    }
}
