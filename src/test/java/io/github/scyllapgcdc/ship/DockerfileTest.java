package io.github.scyllapgcdc.ship;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The image, as far as docker/Dockerfile and .dockerignore tell. */
class DockerfileTest {
    /** The JVM's own. */
    private static final Set<String> OTHERS = Set.of("JAVA_TOOL_OPTIONS");

    private final List<String> instructions = KnownSettings.text(Path.of("docker/Dockerfile"))
            .replaceAll("(?m)^\\s*#.*\\R", "")
            .replaceAll("\\\\\\R\\s*", "")
            .lines()
            .filter(line -> !line.isBlank())
            .toList();

    @Test
    void everyBaseImageHasAVersion() {
        assertThat(of("FROM"))
                .hasSize(2)
                .allSatisfy(from -> assertThat(from).matches("eclipse-temurin:17\\.[\\d._]+-[a-z-]+( AS \\w+)?"));
        assertThat(of("FROM").get(1)).contains("-jre-");
    }

    @Test
    void theProcessIsNotRootAndGetsTheSignals() {
        assertThat(of("USER")).singleElement().asString().matches("[1-9]\\d+:[1-9]\\d+");
        assertThat(of("ENTRYPOINT")).containsExactly("[\"java\", \"-jar\", \"target/scylla-pg-cdc.jar\"]");
    }

    @Test
    void itsHealthIsThatOfTheManagementPort() {
        String port = KnownSettings.text(Path.of("application.properties"))
                .replaceFirst("(?s).*\\ncamel\\.management\\.port=(\\d+).*", "$1");
        assertThat(of("HEALTHCHECK"))
                .singleElement()
                .asString()
                .contains("CMD [\"curl\"", ":" + port + "/observe/health/live");
        assertThat(of("EXPOSE")).singleElement().asString().contains(port);
    }

    @Test
    void whatIsCopiedIsThereAndNotLeftOutOfTheContext() {
        List<String> context = KnownSettings.text(Path.of(".dockerignore"))
                .lines()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();
        List<String> sources = of("COPY").stream()
                .filter(copy -> !copy.startsWith("--from"))
                .flatMap(copy -> Arrays.stream(copy.split(" ")).limit(copy.split(" ").length - 1L))
                .toList();
        assertThat(sources).contains("mvnw", ".mvn", "routes", "application.properties");
        assertThat(sources).allSatisfy(source -> {
            assertThat(Path.of(source)).exists();
            assertThat(context).anyMatch(kept -> kept.equals(source) || kept.startsWith(source + "/"));
        });
    }

    @Test
    void theDevelopmentStackIsNotInIt() {
        assertThat(of("COPY").stream().filter(copy -> copy.startsWith("--from=build")))
                .containsExactly(
                        "--from=build /build/target/scylla-pg-cdc.jar target/",
                        "--from=build /build/target/lib target/lib");
    }

    @Test
    void theApplicationKnowsEachOfItsSettings() {
        Stream<String> names = of("ENV").stream()
                .flatMap(env -> Pattern.compile("([A-Z_]+)=(\"[^\"]*\"|\\S*)")
                        .matcher(env)
                        .results())
                .map(found -> found.group(1))
                .filter(name -> !OTHERS.contains(name));
        assertThat(KnownSettings.asVariables()).containsAll(names.toList());
    }

    private List<String> of(String instruction) {
        return instructions.stream()
                .filter(line -> line.startsWith(instruction + " "))
                .map(line -> line.substring(instruction.length() + 1).strip())
                .toList();
    }
}
