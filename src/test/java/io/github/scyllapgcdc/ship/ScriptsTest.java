package io.github.scyllapgcdc.ship;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The scripts beside the application. */
class ScriptsTest {
    @TempDir
    Path folder;

    static Stream<Path> scripts() {
        return Stream.of("scripts", "docker").flatMap(place -> YamlFiles.files(Path.of(place), ".sh").stream());
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void isValidShellAndCanBeRun(Path script) throws Exception {
        assertThat(run("sh", "-n", script.toAbsolutePath().toString())).isZero();
        assertThat(script).isExecutable();
        assertThat(Files.readString(script)).startsWith("#!/bin/sh\n");
    }

    @ParameterizedTest
    @CsvSource({"health-check.sh, health", "deploy-connector.sh, deploy", "measure-latency.sh, latency"})
    void callsTheCommandWithItsArguments(String script, String command) throws Exception {
        // Given a checkout whose ./cdc writes down how it was called
        copy("scripts/" + script);
        Path cdc = Files.writeString(folder.resolve("cdc"), "#!/bin/sh\nprintf '%s\\n' \"$@\" >called\nexit 7\n");
        Files.setPosixFilePermissions(cdc, PosixFilePermissions.fromString("rwxr-xr-x"));

        // When, then: nothing is split or left out, and the exit code is the command's
        assertThat(run("scripts/" + script, "--table", "shop.a b", "--wait=5")).isEqualTo(7);
        assertThat(folder.resolve("called")).hasContent(command + "\n--table\nshop.a b\n--wait=5\n");
    }

    @Test
    void everyPasswordOfTheEnvironmentIsRandomAndStays() throws Exception {
        // Given
        copy("scripts/make-env.sh");
        copy(".env.example");

        // When
        assertThat(run("scripts/make-env.sh")).isZero();

        // Then
        Path made = folder.resolve(".env");
        String first = Files.readString(made);
        List<String> values = first.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.substring(line.indexOf('=') + 1))
                .toList();
        assertThat(values)
                .hasSizeGreaterThan(3)
                .doesNotHaveDuplicates()
                .allMatch(value -> value.matches("[0-9a-f]{32}"));
        assertThat(Files.getPosixFilePermissions(made)).isEqualTo(PosixFilePermissions.fromString("rw-------"));

        // When it is run again, then what servers were started with stays
        assertThat(run("scripts/make-env.sh")).isNotZero();
        assertThat(made).hasContent(first);
    }

    private void copy(String file) throws IOException {
        Path target = folder.resolve(file);
        Files.createDirectories(target.getParent());
        Files.copy(Path.of(file), target);
        if (file.endsWith(".sh")) {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private int run(String... command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(command));
        if (words.get(0).startsWith("scripts/")) {
            words.set(0, folder.resolve(words.get(0)).toString());
        }
        return new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start()
                .waitFor();
    }
}
