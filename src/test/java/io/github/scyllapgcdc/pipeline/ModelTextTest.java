package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.data.CqlVector;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.type.TupleType;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import com.datastax.oss.driver.internal.core.type.UserDefinedTypeBuilder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** That values which are the same in both databases have the same text, and others have not. */
class ModelTextTest {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final UserDefinedType PAIR = new UserDefinedTypeBuilder("ks", "pair")
            .withField("x", DataTypes.INT)
            .withField("y", DataTypes.TEXT)
            .build();

    @Test
    void scalarsAreComparedByTheirValue() throws Exception {
        assertSame(DataTypes.DECIMAL, new BigDecimal("1.50"), "1.5");
        assertSame(DataTypes.DECIMAL, new BigDecimal("1E+20"), "100000000000000000000");
        assertSame(DataTypes.FLOAT, 3.4E38f, "3.4e+38");
        assertSame(DataTypes.DOUBLE, Double.NaN, "\"NaN\"");
        assertSame(DataTypes.TIMESTAMP, Instant.ofEpochMilli(1_700_000_000_004L), "\"2023-11-14T22:13:20.004+00:00\"");
        assertSame(DataTypes.TIME, LocalTime.parse("01:02:03.000004567"), "\"01:02:03.000004\"");
        assertSame(DataTypes.BLOB, ByteBuffer.wrap(new byte[] {(byte) 0xff, 0}), "\"\\\\xff00\"");
        assertSame(DataTypes.INET, InetAddress.getByAddress(new byte[] {10, 0, 0, 9}), "\"10.0.0.9\"");
        assertSame(DataTypes.TEXT, null, "null");
        assertDiffers(DataTypes.TEXT, "", "null");
        assertDiffers(DataTypes.DECIMAL, new BigDecimal("1.50"), "1.51");
    }

    @Test
    void setsAndMapsHaveNoOrderAndListsHave() throws Exception {
        assertSame(DataTypes.setOf(DataTypes.INT), Set.of(1, 2, 10), "[1, 2, 10]");
        assertSame(DataTypes.setOf(DataTypes.INT), Set.of(1, 2, 10), "[10, 2, 1]");
        assertDiffers(DataTypes.listOf(DataTypes.INT), List.of(1, 2), "[2, 1]");
        assertSame(DataTypes.mapOf(DataTypes.TEXT, DataTypes.INT), Map.of("b", 1, "a", 2), "{\"a\": 2, \"b\": 1}");
        assertSame(DataTypes.vectorOf(DataTypes.FLOAT, 2), CqlVector.newInstance(0.1f, -1f), "[0.1, -1]");
    }

    @Test
    void aUserTypesNullFieldsAreLeftOutAndATuplesAreNot() throws Exception {
        assertSame(PAIR, PAIR.newValue(1, null), "{\"x\": 1}");
        assertDiffers(PAIR, PAIR.newValue(1, "a"), "{\"x\": 1}");
        TupleType tuple = DataTypes.tupleOf(DataTypes.INT, DataTypes.TEXT);
        assertSame(tuple, tuple.newValue(null, "a"), "[null, \"a\"]");
        assertSame(DataTypes.listOf(PAIR), List.of(PAIR.newValue(1, "a")), "[{\"y\": \"a\", \"x\": 1}]");
    }

    private static void assertSame(DataType type, Object scylla, String postgres) throws Exception {
        assertThat(ModelText.ofPostgres(type, JSON.readTree(postgres))).isEqualTo(ModelText.ofScylla(type, scylla));
    }

    private static void assertDiffers(DataType type, Object scylla, String postgres) throws Exception {
        assertThat(ModelText.ofPostgres(type, JSON.readTree(postgres))).isNotEqualTo(ModelText.ofScylla(type, scylla));
    }
}
