package io.github.scyllapgcdc.schema;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.detach.AttachmentPoint;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import com.datastax.oss.driver.api.core.type.codec.registry.CodecRegistry;
import com.datastax.oss.driver.internal.core.metadata.schema.parsing.DataTypeCqlNameParser;
import com.datastax.oss.driver.internal.core.type.UserDefinedTypeBuilder;
import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EncodedEvent;
import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.EventTypes;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.SourcePosition;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.registry.InMemoryRegistry;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** Types and literals as CQL writes them. */
final class CqlSamples {
    static final TableId TABLE = new TableId("shop", "t");
    private static final CqlIdentifier KEYSPACE = CqlIdentifier.fromInternal(TABLE.keyspace());
    private static final UserDefinedType ADDRESS = new UserDefinedTypeBuilder(TABLE.keyspace(), "address")
            .withField("street", DataTypes.TEXT)
            .withField("no", DataTypes.INT)
            .build();

    private CqlSamples() {}

    /** A type; {@code address} is {@code (street text, no int)}. */
    static DataType type(String cql) {
        DataType type = new DataTypeCqlNameParser().parse(KEYSPACE, cql, Map.of(ADDRESS.getName(), ADDRESS), null);
        type.attach(AttachmentPoint.NONE);
        return type;
    }

    /** The column {@code v} of a type. */
    static EventColumn column(DataType type) {
        return new EventColumn(
                "v",
                Kind.REGULAR,
                CqlTypes.avroType(TABLE, "v", type),
                "",
                false,
                CqlTypes.removedType(TABLE, "v", type));
    }

    /** The bytes of a literal. */
    static ByteBuffer bytes(DataType type, String literal) {
        TypeCodec<Object> cql = CodecRegistry.DEFAULT.codecFor(type);
        return cql.encode(cql.parse(literal), ProtocolVersion.V5);
    }

    /** The value of a literal as the sink has it, from the bytes that CQL makes of it through an event and back. */
    static Object asTheSinkHasIt(DataType type, ByteBuffer bytes) {
        Schema avro = CqlTypes.avroType(TABLE, "v", type);
        EventSchema schema = EventSchema.of(
                TABLE,
                List.of(
                        new EventColumn("id", Kind.PARTITION_KEY, EventTypes.plain(Schema.Type.INT), "int"),
                        new EventColumn("v", Kind.REGULAR, avro, "")));
        EventCodec codec = new EventCodec(new InMemoryRegistry());
        EncodedEvent encoded = codec.encode(new ChangeEvent(
                schema,
                Operation.UPDATE,
                new Object[] {1},
                new Object[] {CqlTypes.reader(type).read(bytes)},
                new BitSet(),
                null,
                null,
                new SourcePosition(1, "s", "c", 1)));
        return codec.decode(encoded.key(), encoded.value()).values()[0];
    }
}
