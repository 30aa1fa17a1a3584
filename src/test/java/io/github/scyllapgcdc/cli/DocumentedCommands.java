package io.github.scyllapgcdc.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The commands that README and docs/ tell people to type, without {@code ./cdc} in front. */
public final class DocumentedCommands {
    private static final Pattern COMMAND = Pattern.compile("\\./cdc ([^`\\n]*)");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
    /** Forms rather than commands. */
    private static final Pattern FORM = Pattern.compile(".*[…\\[\\\\].*|COMMAND.*");

    private DocumentedCommands() {}

    public static Set<String> all() throws IOException {
        Set<String> commands = new TreeSet<>();
        for (Path document : documents()) {
            COMMAND.matcher(Files.readString(document))
                    .results()
                    .map(command -> command.group(1)
                            .replaceFirst("\\s+#.*$", "")
                            .replaceFirst("\\s+\\|.*$", "")
                            .strip())
                    .filter(command ->
                            !command.isEmpty() && !FORM.matcher(command).matches())
                    .forEach(commands::add);
        }
        return commands;
    }

    /** The documents themselves. */
    public static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            return Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md", "jbang/README.md", "bench/README.md")
                                    .map(Path::of),
                            docs.filter(file -> file.toString().endsWith(".md")))
                    .sorted()
                    .toList();
        }
    }

    /** A command's words as a shell takes them. */
    public static List<String> words(String command) {
        return WORD.matcher(command)
                .results()
                .map(word -> Stream.of(1, 2, 3)
                        .map(word::group)
                        .filter(text -> text != null)
                        .findFirst()
                        .orElseThrow())
                .toList();
    }
}
