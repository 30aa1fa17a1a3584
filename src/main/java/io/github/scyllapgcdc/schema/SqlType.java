package io.github.scyllapgcdc.schema;

import java.lang.reflect.Array;
import java.util.function.Function;

/**
 * A Postgres type and how its values travel there, as elements of one array a column.
 *
 * @param name the type's name in a column definition
 * @param element the element type of the array parameter, as {@code Connection.createArrayOf} takes it
 * @param elementClass the Java class of the array's elements, one the driver sends in binary where it can
 * @param cast SQL that makes the column's type of an element, with {@code %s} for the element
 * @param toElement from the event's Java type to the element; never asked about null
 */
public record SqlType(
        String name, String element, Class<?> elementClass, String cast, Function<Object, Object> toElement) {

    /** SQL that makes this type of an unnested element. */
    public String expression(String elementName) {
        return cast.replace("%s", elementName);
    }

    /** An array for the elements of some rows. */
    public Object[] newArray(int rows) {
        return (Object[]) Array.newInstance(elementClass, rows);
    }

    /** The element of an event's value, null for null. */
    public Object toElement(Object value) {
        return value == null ? null : toElement.apply(value);
    }
}
