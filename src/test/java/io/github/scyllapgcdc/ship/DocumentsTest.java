package io.github.scyllapgcdc.ship;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every document is a click away from the README, and no link leads nowhere. */
class DocumentsTest {
    private static final Path README = Path.of("README.md");
    private static final Pattern LINK = Pattern.compile("\\[[^\\[\\]]+]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    static List<Path> documents() {
        return Stream.of(
                        Stream.of(
                                README,
                                Path.of("CONTRIBUTING.md"),
                                Path.of("bench/README.md"),
                                Path.of("jbang/README.md")),
                        YamlFiles.files(Path.of("docs"), ".md").stream())
                .flatMap(files -> files)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyLinkLeadsSomewhere(Path document) {
        assertThat(links(document)).allSatisfy(link -> {
            String[] parts = link.split("#", 2);
            Path target = parts[0].isEmpty()
                    ? document
                    : document.resolveSibling(parts[0]).normalize();
            assertThat(Files.exists(target)).as(link).isTrue();
            if (parts.length == 2) {
                assertThat(headings(target)).as(link).contains(parts[1]);
            }
        });
    }

    @Test
    void theReadmeHasEveryDocument() {
        Set<Path> linked = links(README).stream()
                .map(link -> Path.of(link.replaceFirst("#.*", "")))
                .collect(Collectors.toSet());
        assertThat(linked).containsAll(YamlFiles.files(Path.of("docs"), ".md"));
    }

    private static List<String> links(Path document) {
        // What stands in code is no link
        String text = KnownSettings.text(document).replaceAll("(?s)```.*?```", "");
        return LINK.matcher(text)
                .results()
                .map(link -> link.group(1))
                .filter(link -> !link.contains("://"))
                .toList();
    }

    /** The names that GitHub gives to headings. */
    private static Set<String> headings(Path document) {
        return HEADING.matcher(KnownSettings.text(document))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }
}
