package io.github.scyllapgcdc.cli;

import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import com.datastax.oss.protocol.internal.ProtocolConstants;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Set;

/** CQL values as people read them: text as it is, ISO dates and times, blobs as 0x…, collections as CQL writes them. */
final class CqlValues {
    private static final Set<Integer> NUMBERS = Set.of(
            ProtocolConstants.DataType.BIGINT,
            ProtocolConstants.DataType.COUNTER,
            ProtocolConstants.DataType.DECIMAL,
            ProtocolConstants.DataType.DOUBLE,
            ProtocolConstants.DataType.FLOAT,
            ProtocolConstants.DataType.INT,
            ProtocolConstants.DataType.SMALLINT,
            ProtocolConstants.DataType.TINYINT,
            ProtocolConstants.DataType.VARINT);

    private CqlValues() {}

    static boolean isNumber(DataType type) {
        return NUMBERS.contains(type.getProtocolCode());
    }

    static String format(Row row, int column) {
        DataType type = row.getColumnDefinitions().get(column).getType();
        if (row.isNull(column)) {
            return "null";
        }
        if (type.equals(DataTypes.BLOB)) {
            ByteBuffer bytes = row.getByteBuffer(column);
            byte[] copy = new byte[bytes == null ? 0 : bytes.remaining()];
            if (bytes != null) {
                bytes.get(copy);
            }
            return "0x" + HexFormat.of().formatHex(copy);
        }
        TypeCodec<Object> codec = row.codecRegistry().codecFor(type);
        Object value = row.get(column, codec);
        if (value instanceof InetAddress address) {
            return address.getHostAddress();
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        boolean literal = type instanceof com.datastax.oss.driver.api.core.type.ContainerType
                || type instanceof com.datastax.oss.driver.api.core.type.TupleType
                || type instanceof com.datastax.oss.driver.api.core.type.UserDefinedType
                || type instanceof com.datastax.oss.driver.api.core.type.CustomType;
        return literal ? codec.format(value) : String.valueOf(value);
    }
}
