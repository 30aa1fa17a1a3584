package io.github.scyllapgcdc.sink.fold;

import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventTypes;
import io.github.scyllapgcdc.schema.ElementSql;
import io.github.scyllapgcdc.schema.SqlType;
import io.github.scyllapgcdc.schema.SqlTypes;
import io.github.scyllapgcdc.schema.ValuePolicy;
import org.apache.avro.Schema;

/**
 * A column that events carry.
 *
 * @param type its Postgres type, and what its values travel there as
 * @param shape the event's type of it
 * @param elements how its elements change one by one in Java, null if it is only ever written whole
 * @param elementSql how they do in SQL, likewise
 */
public record Column(String name, SqlType type, Schema shape, Elements elements, ElementSql elementSql) {
    private static final String JSON = "jsonb";
    private static final Schema NO_SHAPE = Schema.create(Schema.Type.NULL);

    /**
     * The column of an event.
     *
     * @throws io.github.scyllapgcdc.schema.UnsupportedTypeException if its type has no counterpart in Postgres
     */
    static Column of(EventColumn column, ValuePolicy policy) {
        ElementSql elementSql = SqlTypes.elements(column, policy).orElse(null);
        return new Column(
                column.name(),
                SqlTypes.of(column.type(), column.kind().isKey() ? ValuePolicy.STRICT : policy),
                column.type(),
                elementSql == null ? null : Elements.of(column.type()),
                elementSql);
    }

    /**
     * A column of a table as Postgres has it, its values given as Postgres' own text.
     *
     * @param type the type's name
     */
    public static Column textual(String name, String type) {
        return new Column(
                name, new SqlType(type, "text", String.class, "(%s)::" + type, value -> value), NO_SHAPE, null, null);
    }

    /** Whether each element has a time to live of its own. */
    boolean expiresInParts() {
        return elements != null || Boolean.TRUE.equals(shape.getObjectProp(EventTypes.ELEMENTS_EXPIRE));
    }

    /** Whether values of both can share a statement: in JSON every field counts. */
    boolean isLike(Column other) {
        return name.equals(other.name)
                && type.name().equals(other.type.name())
                && (elements == null) == (other.elements == null)
                && (!type.name().equals(JSON) || shape.equals(other.shape));
    }
}
