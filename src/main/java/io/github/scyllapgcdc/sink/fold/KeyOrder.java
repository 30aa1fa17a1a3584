package io.github.scyllapgcdc.sink.fold;

import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.EventTypes;
import io.github.scyllapgcdc.event.Range;
import io.github.scyllapgcdc.schema.SqlTypes;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.apache.avro.Schema;

/** The order of a partition's rows in the source, which says what a range holds. */
public final class KeyOrder {
    private static final int SIGN = 0x80;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final byte[] MAPPED = {-1, -1};

    private final int partitionKeySize;
    private final List<EventColumn> clustering;
    private final List<Comparator<Object>> comparators;

    private KeyOrder(EventSchema schema) {
        this.partitionKeySize = schema.partitionKeySize();
        this.clustering = schema.keyColumns()
                .subList(partitionKeySize, schema.keyColumns().size());
        this.comparators = clustering.stream().map(KeyOrder::comparator).toList();
    }

    public static KeyOrder of(EventSchema schema) {
        return new KeyOrder(schema);
    }

    /** Whether the row with this key, partition key first, belongs to a range. */
    boolean contains(Range range, Object[] key) {
        return !before(key, range.lower()) && !behind(key, range.upper());
    }

    private boolean before(Object[] key, Range.Bound lower) {
        if (lower == null) {
            return false;
        }
        int compared = compare(key, lower.prefix());
        return compared < 0 || (compared == 0 && !lower.inclusive());
    }

    private boolean behind(Object[] key, Range.Bound upper) {
        if (upper == null) {
            return false;
        }
        int compared = compare(key, upper.prefix());
        return compared > 0 || (compared == 0 && !upper.inclusive());
    }

    /** Compares as many columns as the prefix has. */
    private int compare(Object[] key, Object[] prefix) {
        for (int i = 0; i < prefix.length && prefix[i] != null; i++) {
            int compared = comparators.get(i).compare(key[partitionKeySize + i], prefix[i]);
            if (compared != 0) {
                return clustering.get(i).descending() ? -compared : compared;
            }
        }
        return 0;
    }

    private static Comparator<Object> comparator(EventColumn column) {
        Schema type = column.type();
        if (SqlTypes.order(type).isEmpty()) {
            return Comparator.comparing(value -> {
                throw new IllegalStateException("column " + column.name() + " of type " + type + " has no order");
            });
        }
        return switch (type.getType()) {
            case BYTES ->
                type.getLogicalType() == null
                        ? (a, b) -> Arrays.compareUnsigned(bytes((ByteBuffer) a), bytes((ByteBuffer) b))
                        : Comparator.comparing(BigDecimal.class::cast);
            case STRING -> textual(type);
            default -> KeyOrder::natural;
        };
    }

    private static Comparator<Object> textual(Schema type) {
        String logicalType = type.getProp("logicalType");
        if ("uuid".equals(logicalType)) {
            boolean byTime = EventTypes.TIME.equals(type.getProp(EventTypes.SORTED_BY));
            return byTime ? KeyOrder::compareTimeUuids : KeyOrder::compareUuids;
        }
        return EventTypes.INET.equals(logicalType)
                ? (a, b) -> Arrays.compareUnsigned(address(a), address(b))
                : (a, b) -> compareCodePoints((String) a, (String) b);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // of one column, so of one class
    private static int natural(Object a, Object b) {
        return ((Comparable) a).compareTo(b);
    }

    /** The order of UTF-8's bytes, from which that of a Java string's units differs beyond the first plane. */
    private static int compareCodePoints(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char one = a.charAt(i);
            char other = b.charAt(i);
            if (one != other) {
                boolean surrogates = Character.isSurrogate(one) || Character.isSurrogate(other);
                return surrogates
                        ? Integer.compare(a.codePointAt(start(a, i)), b.codePointAt(start(b, i)))
                        : Character.compare(one, other);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private static int start(String text, int index) {
        return Character.isLowSurrogate(text.charAt(index)) && index > 0 ? index - 1 : index;
    }

    private static int compareTimeUuids(Object a, Object b) {
        UUID one = UUID.fromString((String) a);
        UUID other = UUID.fromString((String) b);
        int byTime = Long.compare(one.timestamp(), other.timestamp());
        return byTime != 0 ? byTime : Arrays.compareUnsigned(flipped(one), flipped(other));
    }

    /** The low half is compared byte by byte, each of them signed. */
    private static byte[] flipped(UUID uuid) {
        byte[] bytes = ByteBuffer.allocate(Long.BYTES)
                .putLong(uuid.getLeastSignificantBits())
                .array();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= (byte) SIGN;
        }
        return bytes;
    }

    /** By version, then those of version 1 by time, all others by their bytes. */
    private static int compareUuids(Object a, Object b) {
        UUID one = UUID.fromString((String) a);
        UUID other = UUID.fromString((String) b);
        if (one.version() != other.version()) {
            return Integer.compare(one.version(), other.version());
        }
        int byHigh = one.version() == 1
                ? Long.compare(one.timestamp(), other.timestamp())
                : Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
        return byHigh != 0
                ? byHigh
                : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
    }

    private static byte[] address(Object value) {
        String text = (String) value;
        try {
            byte[] bytes = InetAddress.getByName(text).getAddress(); // an address, never a name: nothing is looked up
            boolean mapped = bytes.length == IPV4_BYTES && text.indexOf(':') >= 0; // which Java takes for an IPv4 one
            return mapped
                    ? ByteBuffer.allocate(IPV6_BYTES)
                            .position(10)
                            .put(MAPPED)
                            .put(bytes)
                            .array()
                    : bytes;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no IP address", e);
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
