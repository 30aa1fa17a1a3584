package io.github.scyllapgcdc.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The OpenAPI description, the routes and the bean say the same. */
class ConnectDescriptionTest {
    private static final List<String> METHODS = List.of("get", "post", "put", "delete");

    @Test
    void everyPathThatIsDescribedIsServedByItsMethodAndNoOther() throws IOException {
        assertThat(served()).isEqualTo(described());
        List<String> methods = Arrays.stream(ConnectApi.class.getMethods())
                .map(java.lang.reflect.Method::getName)
                .toList();
        assertThat(methods).containsAll(served().values());
    }

    @Test
    void everyReferenceLeadsSomewhere() throws IOException {
        String text = Files.readString(Path.of("docs/connect-api.yaml"));
        Map<String, Object> components = map(yaml("docs/connect-api.yaml")).entrySet().stream()
                .filter(entry -> entry.getKey().equals("components"))
                .map(entry -> map(entry.getValue()))
                .findFirst()
                .orElseThrow();
        List<String> references = text.lines()
                .filter(line -> line.contains("$ref"))
                .map(line -> line.replaceFirst(".*\"#/components/(.*)\".*", "$1"))
                .distinct()
                .toList();
        assertThat(references).isNotEmpty().allSatisfy(reference -> {
            String[] parts = reference.split("/", -1);
            assertThat(map(components.get(parts[0]))).containsKey(parts[1]);
        });
    }

    /** "GET /connectors" to the method's name. */
    private static Map<String, String> described() throws IOException {
        Map<String, String> operations = new TreeMap<>();
        map(map(yaml("docs/connect-api.yaml")).get("paths"))
                .forEach((path, item) -> map(item).forEach((method, operation) -> {
                    if (METHODS.contains(method)) {
                        operations.put(
                                method + " " + path,
                                map(operation).get("operationId").toString());
                    }
                }));
        return operations;
    }

    private static Map<String, String> served() throws IOException {
        Map<String, Object> rest =
                map(map(((List<?>) yaml("routes/connect.camel.yaml")).get(0)).get("rest"));
        return METHODS.stream()
                .flatMap(method -> ((List<?>) rest.get(method))
                        .stream()
                                .map(entry -> Map.entry(
                                        method + " " + map(entry).get("path"),
                                        map(entry).get("to").toString().replaceFirst(".*method=", ""))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
    }

    private static Object yaml(String file) throws IOException {
        return new Load(LoadSettings.builder().build()).loadFromString(Files.readString(Path.of(file)));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object node) {
        return (Map<String, Object>) node;
    }
}
