package io.github.scyllapgcdc.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "sasl.jaas.config=x required username=\"u\" password=\"s3;cret\"; | sasl.jaas.config=***",
                "https://u:s3@cret@host/path | https://u:***@host/path",
                "jdbc:postgresql://h/d?user=u&password=s3cret&a=b | jdbc:postgresql://h/d?user=u&password=***&a=b",
                "X-Vault-Token: s3cret | X-Vault-Token: ***",
            })
    void aSecretIsMaskedToItsEnd(String line, String shown) {
        assertThat(Redaction.of(line)).isEqualTo(shown).doesNotContain("s3").doesNotContain("cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Reading from stored offset: group=postgres-sink-e.users partition=e.users-2 offset=0",
                "waiting for Vault at http://127.0.0.1:8200 (camel.vault.hashicorp.*): Connection refused, 5 s",
                "table=e.users task=0/1 checkpoints read back, none yet",
            })
    void aLineWithoutOneIsLeft(String line) {
        assertThat(Redaction.of(line)).isEqualTo(line);
    }
}
