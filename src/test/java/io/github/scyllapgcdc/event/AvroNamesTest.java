package io.github.scyllapgcdc.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvroNamesTest {

    @ParameterizedTest
    @CsvSource({
        "user_id, user_id",
        "_id, _id",
        "2fa, _x0032fa",
        "e-mail, e_x002Dmail",
        "e_x002Dmail, e_x005Fx002Dmail",
        "größe, gr_x00F6_x00DFe"
    })
    void namesBecomeWhatAvroAllows(String name, String expected) {
        assertThat(AvroNames.escape(name)).isEqualTo(expected);
    }

    @Test
    void differentNamesStayDifferentAndAreValid() {
        // Given names that look like one another's escapes
        Set<String> names = Set.of("a b", "a_x0020b", "a_x005Fx0020b", "a__x0020b", "a_", "a_x", "a-b", "ab");

        // When they are escaped
        Set<String> escaped = names.stream().map(AvroNames::escape).collect(Collectors.toSet());

        // Then none collide and Avro takes each
        assertThat(escaped).hasSameSizeAs(names);
        assertThat(escaped).allSatisfy(name -> new Schema.Field(name, Schema.create(Schema.Type.INT)));
    }

    @Test
    void tableNamesThatCouldLeaveTheirFolderAreRefused() {
        assertThat(Stream.of("a", "a.", ".b", "a.b.c", "../a.b", "a.b/c", "a. b"))
                .allSatisfy(
                        text -> assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> TableId.parse(text)))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining(text));
        assertThat(TableId.parse("shop.Orders_2").topic()).isEqualTo("shop.Orders_2");
    }
}
