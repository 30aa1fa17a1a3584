package io.github.scyllapgcdc.ship;

import static io.github.scyllapgcdc.ship.YamlFiles.map;
import static io.github.scyllapgcdc.ship.YamlFiles.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docker-compose.yml, as far as it can be judged without a container engine. */
class ComposeTest {
    private static final Path FILE = Path.of("docker-compose.yml");
    private static final Pattern SECRET = Pattern.compile(".*(PASSWORD|TOKEN|SECRET)(?!.*_FILE).*");

    @TempDir
    Path folder;

    private final Map<String, Object> services =
            map(YamlFiles.documents(FILE).get(0).get("services"));

    @Test
    void everyImageHasAVersion() {
        eachService((name, service) -> assertThat(service.get("image").toString())
                .as(name)
                .matches("[a-z0-9./-]+:v?\\d[\\w.-]*")
                .doesNotContain("latest"));
        assertThat(map(services.get("scylla-pg-cdc")))
                .containsEntry("image", "scylla-pg-cdc:" + KnownSettings.version());
    }

    @Test
    void whatRunsOnHasAHealthCheckAndWhatEndsIsWaitedFor() {
        // Given what is waited for, and until when
        Map<String, String> conditions = new TreeMap<>();
        eachService((name, service) -> map(service.get("depends_on")).forEach((other, how) -> {
            assertThat(services).as(name).containsKey(other);
            String condition = map(how).get("condition").toString();
            assertThat(conditions.merge(other, condition, (before, now) -> now))
                    .as("condition of %s", other)
                    .isEqualTo(condition);
        }));

        eachService((name, service) -> {
            if (service.containsKey("healthcheck")) {
                assertThat(texts(map(service.get("healthcheck")).get("test")))
                        .as(name)
                        .startsWith("CMD");
                assertThat(conditions.getOrDefault(name, "service_healthy"))
                        .as(name)
                        .isEqualTo("service_healthy");
            } else {
                assertThat(conditions).as("%s ends", name).containsEntry(name, "service_completed_successfully");
                assertThat(service).as("%s ends", name).doesNotContainKey("restart");
            }
        });
    }

    @Test
    void noOtherMachineReachesAPort() {
        eachService((name, service) -> assertThat(texts(service.get("ports")))
                .as(name)
                .allSatisfy(port -> assertThat(port).matches("127\\.0\\.0\\.1:\\d+:\\d+")));
    }

    @Test
    void noSecretIsWrittenDownAndNoneHasADefault() {
        eachService((name, service) -> map(service.get("environment")).forEach((variable, value) -> {
            if (SECRET.matcher(variable).matches()) {
                assertThat(value.toString()).as("%s of %s", variable, name).matches("\\$\\{[A-Z_]+:\\?.+}");
            }
        }));
    }

    @Test
    void theExampleHasEachVariableAndNoSecret() {
        // What has no default is set, to nothing; what has one stands as a comment
        String compose = KnownSettings.text(FILE);
        Set<String> needed = variables(compose, "\\$\\{([A-Z_]+):\\?[^}]*}");
        Set<String> optional = variables(compose, "\\$\\{([A-Z_]+):-[^}]*}");
        assertThat(variables(compose, "\\$\\{?(\\w+)")).isEqualTo(union(needed, optional));

        String example = KnownSettings.text(Path.of(".env.example"));
        assertThat(variables(example, "(?m)^([A-Z_]+)=$")).isEqualTo(needed);
        assertThat(variables(example, "(?m)^#?([A-Z_]+)=.*$")).isEqualTo(union(needed, optional));
    }

    private static Set<String> variables(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }

    @Test
    void theApplicationKnowsEachOfItsSettings() {
        assertThat(KnownSettings.asVariables())
                .containsAll(map(map(services.get("scylla-pg-cdc")).get("environment"))
                        .keySet());
    }

    @Test
    void whatIsMountedIsThere() {
        Set<String> volumes =
                map(YamlFiles.documents(FILE).get(0).get("volumes")).keySet();
        eachService((name, service) -> assertThat(texts(service.get("volumes")))
                .as(name)
                .allSatisfy(volume -> {
                    String source = volume.substring(0, volume.indexOf(':'));
                    if (source.startsWith("./")) {
                        assertThat(Path.of(source)).exists();
                        assertThat(volume).endsWith(":ro");
                    } else if (!source.startsWith("/")) {
                        assertThat(volumes).contains(source);
                    }
                }));
    }

    @Test
    void monitoringIsAProfileThatThePipelineDoesNotNeed() {
        Set<String> optional = new TreeSet<>();
        eachService((name, service) -> {
            if (texts(service.get("profiles")).contains("monitoring")) {
                optional.add(name);
            }
        });
        assertThat(optional)
                .contains("prometheus", "grafana", "jaeger", "loki")
                .doesNotContain("scylla-pg-cdc", "kafka");
        eachService((name, service) -> {
            if (!optional.contains(name)) {
                assertThat(map(service.get("depends_on")).keySet()).as(name).doesNotContainAnyElementsOf(optional);
            }
        });
    }

    /** Where docker-compose is installed; it needs no engine for this. */
    @Test
    void dockerComposeTakesItAndRefusesItWithoutPasswords() throws Exception {
        assumeTrue(run(Map.of(), "version") == 0, "docker-compose is not installed");
        Path none = Files.writeString(folder.resolve("none.env"), "");
        Map<String, String> values = new TreeMap<>();
        variables(KnownSettings.text(Path.of(".env.example")), "(?m)^([A-Z_]+)=$")
                .forEach(name -> values.put(name, "value"));
        assertThat(run(values, "-f", FILE.toString(), "--env-file", none.toString(), "config", "-q"))
                .isZero();
        values.remove("API_TOKEN");
        assertThat(run(values, "-f", FILE.toString(), "--env-file", none.toString(), "config", "-q"))
                .isNotZero();
    }

    private int run(Map<String, String> environment, String... arguments) throws InterruptedException {
        try {
            ProcessBuilder builder = new ProcessBuilder("docker-compose");
            builder.command().addAll(List.of(arguments));
            builder.environment().putAll(environment);
            return builder.redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output").toFile())
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        }
    }

    private void eachService(BiConsumer<String, Map<String, Object>> check) {
        assertThat(services).isNotEmpty();
        services.forEach((name, service) -> check.accept(name, map(service)));
    }
}
