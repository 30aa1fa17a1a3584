package io.github.scyllapgcdc.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a command's statements come from: its argument, a file, or standard input. */
final class StatementInput {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "STATEMENT",
            description = "One statement, or several with ; between.")
    private String statement;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Read the statements from a file (- for standard input).")
    private String file;

    List<String> statements(Dialect dialect) throws IOException {
        if (statement != null && file != null) {
            throw new CliException("give either a statement or --file, not both");
        }
        List<String> statements = StatementSplitter.split(dialect, text());
        if (statements.isEmpty()) {
            throw new CliException("there is no statement: give one as an argument, with --file, or on standard input");
        }
        return statements;
    }

    private String text() throws IOException {
        if (statement != null) {
            return statement;
        }
        if (file != null && !file.equals("-")) {
            Path path = Path.of(file);
            if (!Files.isRegularFile(path)) {
                throw new CliException("--file " + file + ": there is no such file");
            }
            return Files.readString(path);
        }
        if (file == null && Boolean.getBoolean("cdc.terminal")) {
            return ""; // nobody meant to type a script here; the launcher knows what standard input is
        }
        return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    }
}
