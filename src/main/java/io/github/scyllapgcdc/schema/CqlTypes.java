package io.github.scyllapgcdc.schema;

import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.data.CqlDuration;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.codec.TypeCodecs;
import com.datastax.oss.protocol.internal.ProtocolConstants;
import io.github.scyllapgcdc.event.EventTypes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.util.Utf8;

/**
 * CQL's types as events carry them. Values are read from the bytes the server sent, without the driver's codec look-up,
 * which costs more than the reading itself.
 */
public final class CqlTypes {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private CqlTypes() {}

    /** Turns a value as CQL serialises it into the event's Java type. Never asked about null. */
    @FunctionalInterface
    public interface Reader {
        Object read(ByteBuffer bytes);
    }

    /**
     * The Avro type of a CQL type.
     *
     * @throws UnsupportedTypeException if events can't carry the type
     */
    public static Schema avroType(DataType type) {
        return switch (type.getProtocolCode()) {
            case ProtocolConstants.DataType.ASCII, ProtocolConstants.DataType.VARCHAR ->
                EventTypes.plain(Schema.Type.STRING);
            case ProtocolConstants.DataType.BOOLEAN -> EventTypes.plain(Schema.Type.BOOLEAN);
            case ProtocolConstants.DataType.TINYINT -> EventTypes.narrowInt(8);
            case ProtocolConstants.DataType.SMALLINT -> EventTypes.narrowInt(16);
            case ProtocolConstants.DataType.INT -> EventTypes.plain(Schema.Type.INT);
            case ProtocolConstants.DataType.BIGINT -> EventTypes.plain(Schema.Type.LONG);
            case ProtocolConstants.DataType.FLOAT -> EventTypes.plain(Schema.Type.FLOAT);
            case ProtocolConstants.DataType.DOUBLE -> EventTypes.plain(Schema.Type.DOUBLE);
            case ProtocolConstants.DataType.DECIMAL, ProtocolConstants.DataType.VARINT -> EventTypes.bigDecimal();
            case ProtocolConstants.DataType.BLOB -> EventTypes.plain(Schema.Type.BYTES);
            case ProtocolConstants.DataType.UUID, ProtocolConstants.DataType.TIMEUUID -> EventTypes.uuid();
            case ProtocolConstants.DataType.TIMESTAMP -> EventTypes.timestampMillis();
            case ProtocolConstants.DataType.DATE -> EventTypes.date();
            case ProtocolConstants.DataType.TIME -> EventTypes.timeNanos();
            case ProtocolConstants.DataType.INET -> EventTypes.inet();
            case ProtocolConstants.DataType.DURATION -> EventTypes.isoDuration();
            default -> throw unsupported(type);
        };
    }

    /**
     * The reader of a CQL type's values.
     *
     * @throws UnsupportedTypeException if events can't carry the type
     */
    public static Reader reader(DataType type) {
        return switch (type.getProtocolCode()) {
            case ProtocolConstants.DataType.ASCII, ProtocolConstants.DataType.VARCHAR -> b -> new Utf8(bytes(b));
            case ProtocolConstants.DataType.BOOLEAN -> b -> b.get(b.position()) != 0;
            case ProtocolConstants.DataType.TINYINT -> b -> (int) b.get(b.position());
            case ProtocolConstants.DataType.SMALLINT -> b -> (int) b.getShort(b.position());
            case ProtocolConstants.DataType.INT -> b -> b.getInt(b.position());
            case ProtocolConstants.DataType.BIGINT,
                    ProtocolConstants.DataType.TIMESTAMP,
                    ProtocolConstants.DataType.TIME -> b -> b.getLong(b.position());
            case ProtocolConstants.DataType.FLOAT -> b -> b.getFloat(b.position());
            case ProtocolConstants.DataType.DOUBLE -> b -> b.getDouble(b.position());
            case ProtocolConstants.DataType.DECIMAL -> CqlTypes::decimal;
            case ProtocolConstants.DataType.VARINT -> b -> new BigDecimal(new BigInteger(bytes(b)));
            case ProtocolConstants.DataType.BLOB -> b -> b;
            case ProtocolConstants.DataType.UUID, ProtocolConstants.DataType.TIMEUUID ->
                b -> new UUID(b.getLong(b.position()), b.getLong(b.position() + Long.BYTES)).toString();
            // CQL counts days from 2^31 before 1970 as an unsigned integer
            case ProtocolConstants.DataType.DATE -> b -> b.getInt(b.position()) ^ Integer.MIN_VALUE;
            case ProtocolConstants.DataType.INET -> CqlTypes::address;
            case ProtocolConstants.DataType.DURATION -> CqlTypes::duration;
            default -> throw unsupported(type);
        };
    }

    private static UnsupportedTypeException unsupported(DataType type) {
        return new UnsupportedTypeException(
                "the type " + type.asCql(false, true) + " is not replicated yet: only scalar types are");
    }

    private static BigDecimal decimal(ByteBuffer b) {
        int scale = b.getInt(b.position());
        byte[] unscaled = new byte[b.remaining() - Integer.BYTES];
        b.get(b.position() + Integer.BYTES, unscaled);
        return new BigDecimal(new BigInteger(unscaled), scale);
    }

    private static String address(ByteBuffer b) {
        try {
            return InetAddress.getByAddress(bytes(b)).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an inet value of " + b.remaining() + " bytes", e);
        }
    }

    private static String duration(ByteBuffer b) {
        CqlDuration duration = TypeCodecs.DURATION.decode(b.duplicate(), ProtocolVersion.V5);
        long seconds = duration.getNanoseconds() / NANOS_PER_SECOND;
        long nanos = duration.getNanoseconds() % NANOS_PER_SECOND;
        StringBuilder text = new StringBuilder("P");
        text.append(duration.getMonths()).append('M').append(duration.getDays()).append("DT");
        if (duration.getNanoseconds() < 0 && seconds == 0) {
            text.append('-'); // the sign that a zero would swallow
        }
        text.append(seconds);
        if (nanos != 0) {
            String digits = Long.toString(Math.abs(nanos));
            text.append('.').append("0".repeat(9 - digits.length())).append(digits);
        }
        return text.append('S').toString();
    }

    private static byte[] bytes(ByteBuffer b) {
        byte[] copy = new byte[b.remaining()];
        b.get(b.position(), copy);
        return copy;
    }
}
