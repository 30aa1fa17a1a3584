package io.github.scyllapgcdc.registry;

import org.apache.avro.Schema;

/** Where writers leave the schemas of what they write and readers find them by id. Safe for use by many threads. */
public interface SchemaRegistry {

    /**
     * The id of a schema under a subject, registered if it is new.
     *
     * @throws RegistryException if the registry can't be reached or refuses the schema as incompatible
     */
    int register(String subject, Schema schema);

    /**
     * The id of the newest schema of a subject.
     *
     * @throws RegistryException if the registry can't be reached or knows no such subject
     */
    int latest(String subject);

    /**
     * The schema of an id.
     *
     * @throws RegistryException if the registry can't be reached or does not know the id
     */
    Schema byId(int id);
}
