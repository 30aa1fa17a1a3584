package io.github.scyllapgcdc.sink.fold;

import io.github.scyllapgcdc.event.EventTypes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * How values of one kind of collection change element by element: a set's elements, a map's entries, a user type's fields.
 * A value without elements is null. Nothing that is passed in is changed.
 */
public interface Elements {

    /** The elements of both, those of the second where both have one. */
    Object add(Object value, Object added);

    /** The value without the elements that these name. */
    Object remove(Object value, Collection<?> removed);

    /** What names the elements of a value, null included: those a later removal would have to name. */
    Collection<?> names(Object value);

    /** The way of a type whose elements can be written one by one. */
    static Elements of(Schema type) {
        if (type.getType() == Schema.Type.RECORD) {
            return new OfRecord(type.getFields());
        }
        return EventTypes.SET.equals(type.getProp(EventTypes.COLLECTION)) ? new OfSet() : new OfMap();
    }

    /** A set is the list of its elements. */
    final class OfSet implements Elements {
        @Override
        public Object add(Object value, Object added) {
            Set<Object> elements = new LinkedHashSet<>(names(value));
            elements.addAll(names(added));
            return orNull(elements);
        }

        @Override
        public Object remove(Object value, Collection<?> removed) {
            Set<Object> elements = new LinkedHashSet<>(names(value));
            elements.removeAll(Set.copyOf(removed));
            return orNull(elements);
        }

        @Override
        @SuppressWarnings("unchecked")
        public Collection<Object> names(Object value) {
            return value == null ? List.of() : (Collection<Object>) value;
        }

        private static Object orNull(Collection<?> elements) {
            return elements.isEmpty() ? null : new ArrayList<>(elements);
        }
    }

    /** A map's entries are named by their keys. */
    final class OfMap implements Elements {
        @Override
        public Object add(Object value, Object added) {
            Map<Object, Object> entries = new LinkedHashMap<>(map(value));
            entries.putAll(map(added));
            return entries.isEmpty() ? null : entries;
        }

        @Override
        public Object remove(Object value, Collection<?> removed) {
            Map<Object, Object> entries = new LinkedHashMap<>(map(value));
            entries.keySet().removeAll(Set.copyOf(removed));
            return entries.isEmpty() ? null : entries;
        }

        @Override
        public Collection<Object> names(Object value) {
            return map(value).keySet();
        }

        @SuppressWarnings("unchecked")
        private static Map<Object, Object> map(Object value) {
            return value == null ? Map.of() : (Map<Object, Object>) value;
        }
    }

    /** A user type's fields; one that is null is not there. */
    final class OfRecord implements Elements {
        private final List<String> names;
        private final Map<Object, Integer> positions = new HashMap<>();

        OfRecord(List<Schema.Field> fields) {
            this.names = fields.stream().map(EventTypes::fieldName).toList();
            for (int i = 0; i < names.size(); i++) {
                positions.put(names.get(i), i);
            }
        }

        @Override
        public Object add(Object value, Object added) {
            Object[] fields = fields(value);
            Object[] more = fields(added);
            for (int i = 0; i < fields.length; i++) {
                if (more[i] != null) {
                    fields[i] = more[i];
                }
            }
            return orNull(fields);
        }

        @Override
        public Object remove(Object value, Collection<?> removed) {
            Object[] fields = fields(value);
            removed.forEach(name -> fields[positions.get(name)] = null);
            return orNull(fields);
        }

        @Override
        public Collection<Object> names(Object value) {
            Object[] fields = fields(value);
            List<Object> present = new ArrayList<>();
            for (int i = 0; i < fields.length; i++) {
                if (fields[i] != null) {
                    present.add(names.get(i));
                }
            }
            return present;
        }

        private Object[] fields(Object value) {
            return value == null ? new Object[names.size()] : ((List<?>) value).toArray();
        }

        private static Object orNull(Object[] fields) {
            for (Object field : fields) {
                if (field != null) {
                    return java.util.Arrays.asList(fields);
                }
            }
            return null;
        }
    }
}
