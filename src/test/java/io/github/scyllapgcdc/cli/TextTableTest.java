package io.github.scyllapgcdc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void alignsNumbersToTheRightAndTextToTheLeft() {
        TextTable table = new TextTable(List.of("user_id", "name"), List.of(true, false));
        table.add(List.of("1", "Alice Smith"));
        table.add(List.of("12345678", "null"));

        assertThat(table.render()).isEqualTo("""
                          user_id | name
                        ----------+-------------
                                1 | Alice Smith
                         12345678 | null
                        (2 rows)
                        """);
    }

    @Test
    void oneRowIsOneRowAndControlCharactersStayOnTheLine() {
        TextTable table = TextTable.of("text");
        table.add(List.of("a\nb\tc"));

        assertThat(table.render()).isEqualTo(" text\n---------\n a\\nb\\tc\n(1 row)\n");
    }

    @Test
    void noRowsShowTheHeadings() {
        assertThat(TextTable.of("a", "b").render()).isEqualTo(" a | b\n---+---\n(0 rows)\n");
    }

    @Test
    void charactersOutsideTheBasicPlaneCountOnce() {
        TextTable table = TextTable.of("x", "y");
        table.add(List.of("😀", "z"));

        assertThat(table.render()).contains(" 😀 | z\n");
    }
}
