package io.github.scyllapgcdc.sink.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeFitTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "integer | integer | HOLDS",
                "bigint | integer | HOLDS",
                "integer | bigint | WIDENS",
                "smallint | bigint | WIDENS",
                "bigint | numeric | WIDENS",
                "real | double precision | WIDENS",
                "double precision | real | HOLDS",
                "character varying | text | HOLDS",
                "character varying(20) | text | WIDENS",
                "timestamp(3) with time zone | timestamp with time zone | HOLDS",
                "timestamp(0) with time zone | timestamp with time zone | DIFFERS",
                "timestamp without time zone | timestamp with time zone | DIFFERS",
                "numeric(10,2) | numeric | DIFFERS",
                "text | integer | DIFFERS",
                "double precision | bigint | DIFFERS"
            })
    void fits(String existing, String needed, TypeFit expected) {
        assertThat(TypeFit.of(existing, needed)).isEqualTo(expected);
    }
}
