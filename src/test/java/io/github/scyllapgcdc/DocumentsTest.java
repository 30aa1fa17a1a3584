package io.github.scyllapgcdc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.cli.CommandRun;
import io.github.scyllapgcdc.cli.DocumentedCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the documents name is there: files and headings they link to, commands with their options, settings. */
class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern SETTING = Pattern.compile(
            "`((?:source|sink|scylla|kafka|postgres|vault|topic|reconcile|api|management|watchdog|routes"
                    + "|schema\\.registry|connectors|log|camel\\.(?:server|management|ssl|metrics))\\.[a-z][\\w.-]*)(?:=[^`]*)?`");

    /** Files, packages, fields of the event, a key of Connect's; what is handed to Kafka's clients as it is. */
    private static final Pattern NO_SETTING = Pattern.compile(
            ".*\\.yaml|reconcile\\.route|sink\\.(fold|sql)|source\\.\\w*_\\w*|scylla\\.table|kafka\\.client\\..*");

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        Map<String, Set<String>> broken = new TreeMap<>();
        for (Path document : DocumentedCommands.documents()) {
            for (MatchResult link :
                    LINK.matcher(Files.readString(document)).results().toList()) {
                String target = link.group(1);
                if (!target.matches("https?://.*") && !leadsSomewhere(document, target)) {
                    broken.computeIfAbsent(document.toString(), name -> new TreeSet<>())
                            .add(target);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static boolean leadsSomewhere(Path document, String target) throws IOException {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty()
                ? document
                : document.resolveSibling(parts[0]).normalize();
        return Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
    }

    private static Set<String> anchors(Path document) throws IOException {
        return HEADING.matcher(Files.readString(document))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}0-9 _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @Test
    void theReadmeLeadsToEveryDocument() throws IOException {
        Path readme = Path.of("README.md");
        Set<Path> linked = LINK.matcher(Files.readString(readme))
                .results()
                .map(link -> Path.of(link.group(1).split("#", 2)[0]))
                .collect(Collectors.toSet());
        assertThat(linked)
                .containsAll(DocumentedCommands.documents().stream()
                        .filter(path -> !path.equals(readme))
                        .toList());
    }

    @Test
    void everyCommandIsOneThatIsThere() throws IOException {
        Map<String, String> refused = new TreeMap<>();
        for (String command : DocumentedCommands.all()) {
            List<String> words = new ArrayList<>(DocumentedCommands.words(command));
            words.add("--help");
            CommandRun run = CommandRun.of(words.toArray(String[]::new));
            if (run.code() != 0 || !run.out().contains("Usage: cdc " + words.get(0))) {
                refused.put(command, run.errors());
            }
        }
        assertThat(DocumentedCommands.all()).hasSizeGreaterThan(40);
        assertThat(refused).isEmpty();
    }

    @Test
    void everySettingIsInApplicationProperties() throws IOException {
        Set<String> known = Pattern.compile("(?m)^#?\\s*([a-z][\\w.-]*)=")
                .matcher(Files.readString(Path.of("application.properties")))
                .results()
                .map(setting -> setting.group(1))
                .collect(Collectors.toSet());
        Map<String, Set<String>> unknown = new TreeMap<>();
        for (Path document : DocumentedCommands.documents()) {
            for (MatchResult setting :
                    SETTING.matcher(Files.readString(document)).results().toList()) {
                String name = setting.group(1);
                if (!known.contains(name) && !NO_SETTING.matcher(name).matches()) {
                    unknown.computeIfAbsent(document.toString(), file -> new TreeSet<>())
                            .add(name);
                }
            }
        }
        assertThat(unknown).isEmpty();
    }
}
