package io.github.scyllapgcdc.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlStatesTest {
    @ParameterizedTest
    @CsvSource({
        "08006, RETRY", // connection failure
        "40001, RETRY", // serialization failure
        "40P01, RETRY", // deadlock
        "53100, RETRY", // disk full
        "53300, RETRY", // too many connections
        "57P01, RETRY", // admin shutdown
        "57P03, RETRY", // cannot connect now
        "57014, RETRY", // query canceled
        "55P03, RETRY", // lock not available
        "25006, RETRY", // read only transaction
        "42P01, RETRY", // undefined table: read the catalog again
        "22003, POISON", // numeric out of range
        "22008, POISON", // datetime overflow
        "22021, POISON", // character not in repertoire
        "23502, POISON", // not null
        "23503, POISON", // foreign key
        "23505, POISON", // unique, of another constraint than the key
        "23514, POISON", // check
        "21000, FATAL", // a row twice in one MERGE
        "28P01, RETRY", // wrong password: it may be about to be changed on both sides
        "42501, FATAL", // insufficient privilege
        "42804, FATAL", // datatype mismatch
        ", FATAL",
        "x, FATAL"
    })
    void classes(String state, ErrorClass expected) {
        assertThat(SqlStates.classify(state, false)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"23505, RETRY", "23502, POISON"})
    void duplicateOfTheTargetsOwnKeyIsRetried(String state, ErrorClass expected) {
        assertThat(SqlStates.classify(state, true)).isEqualTo(expected);
    }
}
