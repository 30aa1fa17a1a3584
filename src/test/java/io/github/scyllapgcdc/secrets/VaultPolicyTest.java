package io.github.scyllapgcdc.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class VaultPolicyTest {
    private static final Path POLICY = Path.of("docker", "vault", "scylla-pg-cdc.hcl");
    private static final Pattern RULE = Pattern.compile("path \"([^\"]+)\" \\{\\s*capabilities = \\[([^]]*)]\\s*}");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{hashicorp:([^:{}]+):([^#{}]+)#[^{}]+}}");

    @Test
    void thePolicyAllowsToReadWhatThePropertiesNameAndNothingElse() throws IOException {
        // Given the secrets that application.properties refers to, in comments as well
        Set<String> named = PLACEHOLDER
                .matcher(Files.readString(Path.of("application.properties")))
                .results()
                .filter(found -> !found.group(1).equals("engine"))
                .map(found -> found.group(1) + "/data/" + found.group(2))
                .collect(Collectors.toCollection(TreeSet::new));

        // When the policy is read
        String policy = Files.readString(POLICY);
        List<String> paths =
                RULE.matcher(policy).results().map(rule -> rule.group(1)).toList();

        // Then it has each of them once, without a wildcard, and for reading alone
        assertThat(paths).containsExactlyInAnyOrderElementsOf(named);
        assertThat(RULE.matcher(policy).results().map(rule -> rule.group(2))).containsOnly("\"read\"");
        assertThat(policy.split("path \"", -1)).as("rules that were understood").hasSize(paths.size() + 1);
    }

    @Test
    void theInitScriptMakesEachSecretOfThePolicy() throws IOException {
        String script = Files.readString(POLICY.resolveSibling("init.sh"));

        assertThat(RULE.matcher(Files.readString(POLICY)).results().map(rule -> rule.group(1)))
                .allSatisfy(
                        path -> assertThat(script).contains("example " + path.substring("cdc/data/".length()) + " "));
    }
}
