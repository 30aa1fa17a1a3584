package io.github.scyllapgcdc.schema;

import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.data.CqlDuration;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.codec.TypeCodecs;
import com.datastax.oss.protocol.internal.ProtocolConstants;
import io.github.scyllapgcdc.event.EventTypes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.util.Utf8;

/** The scalar types of CQL. */
final class CqlScalars {
    /** Of addresses in digits; a name would be looked up. */
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]+");

    private static final int IPV6_BYTES = 16;
    private static final byte[] IPV4_MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private CqlScalars() {}

    static Schema avroType(DataType type) {
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
            case ProtocolConstants.DataType.UUID -> EventTypes.uuid();
            case ProtocolConstants.DataType.TIMEUUID -> EventTypes.timeUuid();
            case ProtocolConstants.DataType.TIMESTAMP -> EventTypes.timestampMillis();
            case ProtocolConstants.DataType.DATE -> EventTypes.date();
            case ProtocolConstants.DataType.TIME -> EventTypes.timeNanos();
            case ProtocolConstants.DataType.INET -> EventTypes.inet();
            case ProtocolConstants.DataType.DURATION -> EventTypes.isoDuration();
            default -> throw CqlTypes.unsupported(type);
        };
    }

    static CqlTypes.Reader reader(DataType type) {
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
            case ProtocolConstants.DataType.DECIMAL -> CqlScalars::decimal;
            case ProtocolConstants.DataType.VARINT -> b -> new BigDecimal(new BigInteger(bytes(b)));
            case ProtocolConstants.DataType.BLOB -> b -> b;
            case ProtocolConstants.DataType.UUID, ProtocolConstants.DataType.TIMEUUID ->
                b -> new UUID(b.getLong(b.position()), b.getLong(b.position() + Long.BYTES)).toString();
            // CQL counts days from 2^31 before 1970 as an unsigned integer
            case ProtocolConstants.DataType.DATE -> b -> b.getInt(b.position()) ^ Integer.MIN_VALUE;
            case ProtocolConstants.DataType.INET -> CqlScalars::address;
            case ProtocolConstants.DataType.DURATION -> CqlScalars::duration;
            default -> throw CqlTypes.unsupported(type);
        };
    }

    static CqlTypes.Writer writer(DataType type) {
        return switch (type.getProtocolCode()) {
            case ProtocolConstants.DataType.ASCII, ProtocolConstants.DataType.VARCHAR ->
                v -> ByteBuffer.wrap(text(v).getBytes(StandardCharsets.UTF_8));
            case ProtocolConstants.DataType.BOOLEAN -> v -> ByteBuffer.wrap(new byte[] {(byte) ((Boolean) v ? 1 : 0)});
            case ProtocolConstants.DataType.TINYINT -> v -> ByteBuffer.wrap(new byte[] {((Integer) v).byteValue()});
            case ProtocolConstants.DataType.SMALLINT ->
                v -> ByteBuffer.allocate(Short.BYTES).putShort(0, ((Integer) v).shortValue());
            case ProtocolConstants.DataType.INT -> v -> integer((Integer) v);
            case ProtocolConstants.DataType.BIGINT,
                    ProtocolConstants.DataType.TIMESTAMP,
                    ProtocolConstants.DataType.TIME ->
                v -> ByteBuffer.allocate(Long.BYTES).putLong(0, (Long) v);
            case ProtocolConstants.DataType.FLOAT ->
                v -> ByteBuffer.allocate(Float.BYTES).putFloat(0, (Float) v);
            case ProtocolConstants.DataType.DOUBLE ->
                v -> ByteBuffer.allocate(Double.BYTES).putDouble(0, (Double) v);
            case ProtocolConstants.DataType.DECIMAL -> v -> decimal((BigDecimal) v);
            case ProtocolConstants.DataType.VARINT ->
                v -> ByteBuffer.wrap(((BigDecimal) v).toBigIntegerExact().toByteArray());
            case ProtocolConstants.DataType.BLOB -> v -> ((ByteBuffer) v).duplicate();
            case ProtocolConstants.DataType.UUID, ProtocolConstants.DataType.TIMEUUID -> v -> uuid(text(v));
            case ProtocolConstants.DataType.DATE -> v -> integer((Integer) v ^ Integer.MIN_VALUE);
            case ProtocolConstants.DataType.INET -> v -> ByteBuffer.wrap(address(text(v)));
            case ProtocolConstants.DataType.DURATION -> v -> duration(text(v));
            default -> throw CqlTypes.unsupported(type);
        };
    }

    private static BigDecimal decimal(ByteBuffer b) {
        int scale = b.getInt(b.position());
        ByteBuffer unscaled = b.slice(b.position() + Integer.BYTES, b.remaining() - Integer.BYTES);
        return new BigDecimal(new BigInteger(bytes(unscaled)), scale);
    }

    private static ByteBuffer decimal(BigDecimal value) {
        byte[] unscaled = value.unscaledValue().toByteArray();
        return ByteBuffer.allocate(Integer.BYTES + unscaled.length)
                .putInt(value.scale())
                .put(unscaled)
                .flip();
    }

    private static ByteBuffer integer(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(0, value);
    }

    private static ByteBuffer uuid(String text) {
        UUID uuid = UUID.fromString(text);
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .flip();
    }

    /** Sixteen bytes stay an IPv6 address, also where they hold an IPv4 address: those two are different keys. */
    static String address(ByteBuffer b) {
        byte[] bytes = bytes(b);
        try {
            InetAddress address = bytes.length == IPV6_BYTES
                    ? Inet6Address.getByAddress(null, bytes, -1)
                    : InetAddress.getByAddress(bytes);
            return address.getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an inet value of " + bytes.length + " bytes", e);
        }
    }

    /** The bytes of an address in digits. */
    static byte[] address(String text) {
        if (!ADDRESS.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is no IP address");
        }
        try {
            byte[] bytes = InetAddress.getByName(text).getAddress();
            if (text.indexOf(':') < 0 || bytes.length == IPV6_BYTES) {
                return bytes;
            }
            byte[] mapped = Arrays.copyOf(IPV4_MAPPED, IPV6_BYTES);
            System.arraycopy(bytes, 0, mapped, IPV4_MAPPED.length, bytes.length);
            return mapped;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'" + text + "' is no IP address", e);
        }
    }

    private static String duration(ByteBuffer b) {
        CqlDuration duration = TypeCodecs.DURATION.decode(b.duplicate(), ProtocolVersion.V5);
        return new IsoDuration(duration.getMonths(), duration.getDays(), duration.getNanoseconds()).toString();
    }

    private static ByteBuffer duration(String text) {
        IsoDuration duration = IsoDuration.parse(text);
        return TypeCodecs.DURATION.encode(
                CqlDuration.newInstance(duration.months(), duration.days(), duration.nanos()), ProtocolVersion.V5);
    }

    private static String text(Object value) {
        return ((CharSequence) value).toString();
    }

    private static byte[] bytes(ByteBuffer b) {
        byte[] copy = new byte[b.remaining()];
        b.get(b.position(), copy);
        return copy;
    }
}
