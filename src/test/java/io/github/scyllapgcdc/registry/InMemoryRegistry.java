package io.github.scyllapgcdc.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** For tests of pure code: ids count up from 1, nothing is checked. The real client is tested against a real registry. */
public final class InMemoryRegistry implements SchemaRegistry {
    private final List<String> schemas = new ArrayList<>();
    private final Map<String, Integer> newest = new HashMap<>();

    @Override
    public int register(String subject, Schema schema) {
        String text = schema.toString();
        if (!schemas.contains(text)) {
            schemas.add(text);
        }
        newest.put(subject, schemas.indexOf(text) + 1);
        return newest.get(subject);
    }

    @Override
    public int latest(String subject) {
        return newest.get(subject);
    }

    @Override
    public Schema byId(int id) {
        if (id < 1 || id > schemas.size()) {
            throw new RegistryException(RegistryException.Reason.UNKNOWN_ID, "no schema " + id, null);
        }
        return new Schema.Parser().parse(schemas.get(id - 1));
    }
}
