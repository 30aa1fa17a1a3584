package io.github.scyllapgcdc.sink.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableNameTest {
    @Test
    void topicNamesSchemaAndTable() {
        assertThat(TableName.of("${topic}", "ecommerce.users")).isEqualTo(new TableName("ecommerce", "users"));
    }

    @Test
    void formatMayAddToTheName() {
        assertThat(TableName.of("replica.${topic}", "ecommerce.users"))
                .isEqualTo(new TableName("replica", "ecommerce.users"));
        assertThat(TableName.of("${topic}", "users")).isEqualTo(new TableName("public", "users"));
    }

    @Test
    void namesAreQuoted() {
        assertThat(new TableName("a\"b", "C d").quoted()).isEqualTo("\"a\"\"b\".\"C d\"");
    }

    @Test
    void namesThatPostgresWouldCutAreRefused() {
        assertThatThrownBy(() -> TableName.of("${topic}", "ks." + "x".repeat(64)))
                .hasMessageContaining("sink.table.name.format");
    }
}
