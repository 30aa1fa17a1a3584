package io.github.scyllapgcdc.cli;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.ColumnDefinition;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./cdc cql}: what cqlsh is for, without cqlsh. */
@Command(
        name = "cql",
        description = "Run CQL statements on ScyllaDB and print their rows.",
        mixinStandardHelpOptions = true)
final class CqlCommand implements Runnable {
    @Mixin
    private StatementInput input;

    @Mixin
    private ScyllaOptions scylla;

    @Override
    public void run() {
        try (CqlSession session = scylla.connect(Home.find(), List.of())) {
            for (String statement : input.statements(Dialect.CQL)) {
                print(session.execute(SimpleStatement.newInstance(statement)));
            }
        } catch (IOException e) {
            throw new CliException("the statements cannot be read: " + e.getMessage(), e);
        }
    }

    private static void print(ResultSet result) {
        List<ColumnDefinition> columns = new ArrayList<>();
        result.getColumnDefinitions().forEach(columns::add);
        if (columns.isEmpty()) {
            System.out.println("OK");
            return;
        }
        TextTable table = new TextTable(
                columns.stream().map(column -> column.getName().asInternal()).toList(),
                columns.stream()
                        .map(column -> CqlValues.isNumber(column.getType()))
                        .toList());
        for (Row row : result) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                cells.add(CqlValues.format(row, i));
            }
            table.add(cells);
        }
        System.out.print(table.render());
    }
}
