package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.scyllapgcdc.dev.Chromium;
import io.github.scyllapgcdc.dev.EmbeddedStack;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.TableId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./cdc hawtio} as an operator meets it: a process, and pages in a browser. */
class HawtioFaultIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String USER = "operator";
    private static final String PASSWORD = "s3cret-of-management";

    @TempDir
    private static Path home;

    private static PipelineFixture fixture;
    private static PipelineApp app;
    private static TableId table;
    private static Process hawtio;
    private static String console;
    private static String jolokia;

    @BeforeAll
    static void start() throws Exception {
        EmbeddedStack stack = TestStack.get();
        fixture = new PipelineFixture("hawtio_it");
        table = fixture.table("shown", "id bigint PRIMARY KEY, v text");
        int management = stack.port("hawtio-management", 0);
        app = PipelineApp.start(
                "hawtio",
                Map.of(
                        "CAMEL_MANAGEMENT_PORT",
                        Integer.toString(management),
                        "CAMEL_MANAGEMENT_JOLOKIAENABLED",
                        "true",
                        "MANAGEMENT_USERNAME",
                        USER,
                        "MANAGEMENT_PASSWORD",
                        PASSWORD));
        app.deploy(table);
        app.awaitHealthy();
        fixture.insert(table, 0, 10);
        fixture.awaitEqual(table, PATIENCE);
        int port = stack.port("hawtio-console", 0);
        console = "http://127.0.0.1:" + port + "/hawtio/";
        jolokia = "http://127.0.0.1:" + management + "/observe/jolokia";
        hawtio = command(port, jolokia);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(output()).contains("Open " + console + "camel"));
    }

    @AfterAll
    static void stop() throws Exception {
        hawtio.destroyForcibly();
        app.close();
        fixture.close();
    }

    @Test
    void aBrowserSeesTheRoutesAndStopsAndStartsOne(@TempDir Path profile) throws Exception {
        Optional<Path> chromium = Chromium.find();
        assumeTrue(
                chromium.isPresent(),
                "no Chromium on this machine: install the package chromium, or name the program in CHROMIUM");
        String sink = "postgres-sink-shown";
        try (Chromium page = new Chromium(chromium.get(), profile)) {
            // When the address that the command printed is opened, then the routes are one click away
            page.open(console + "camel");
            page.click("button", "routes");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(row(page, sink)).contains("Started"));
            assertThat(row(page, "scylla-source-shown")).contains("Started");
            long completed = Long.parseLong(row(page, sink).split("\\s+", -1)[3]);
            assertThat(completed)
                    .as("exchanges that the page shows for %s", sink)
                    .isPositive();

            // When one is stopped there, then the application has stopped it
            press(page, sink, "Stop");
            awaitState(sink, "Stopped");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(row(page, sink)).contains("Stopped"));
            fixture.insert(table, 10, 20);

            // When it is started there, then it goes on with what was written meanwhile
            press(page, sink, "Start");
            awaitState(sink, "Started");
            fixture.awaitEqual(table, PATIENCE);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(row(page, sink)).contains("Started"));
            page.screenshot(Path.of("target", "hawtio.png"));
        }
    }

    @Test
    void onlyItsOwnPagesReachTheApplicationThroughIt() throws Exception {
        assertThat(version("Accept", "*/*")).isEqualTo(200);
        assertThat(version("Origin", console.replace("/hawtio/", ""))).isEqualTo(200);
        assertThat(version("Origin", "http://evil.example")).isEqualTo(403);
        assertThat(version("Sec-Fetch-Site", "cross-site")).isEqualTo(403);
        // a name of somebody else's that leads to loopback
        assertThat(statusForHost("evil.example:" + URI.create(console).getPort()))
                .contains(" 403 ");
    }

    @Test
    void nothingIsLeftOfItWhenItIsKilled() throws Exception {
        Process other = command(TestStack.get().port("hawtio-killed", 0), jolokia);
        await().atMost(PATIENCE).until(() -> other.descendants().findAny().isPresent());
        List<ProcessHandle> children = other.descendants().toList();

        other.destroyForcibly();

        await().atMost(PATIENCE).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** What the page shows of a route, column by column; empty as long as it does not. */
    private static String row(Chromium page, String route) throws Exception {
        return page.evaluate("(" + rowOf(route) + ")?.innerText ?? ''").asText().strip();
    }

    private static String rowOf(String route) {
        return "[...document.querySelectorAll('tr')].find(r => r.querySelector('[data-label=Name]')?.innerText.trim() === '"
                + route + "')";
    }

    /** Selects a route, and presses the button when the page allows it. */
    private static void press(Chromium page, String route, String button) {
        page.click("(() => { const box = (" + rowOf(route) + ")?.querySelector('input[type=checkbox]');"
                + " if (box && !box.checked) box.click();"
                + " return box?.checked && [...document.querySelectorAll('button')].find(b => b.innerText.trim() === '"
                + button + "'); })()");
    }

    private static void awaitState(String route, String state) {
        await().atMost(PATIENCE)
                .ignoreException(AssertionError.class)
                .untilAsserted(() ->
                        assertThat(app.route(route).path("state").asText()).isEqualTo(state));
    }

    private static int version(String header, String value) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(console + "jolokia"))
                                .header(header, value)
                                .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"version\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static String statusForHost(String host) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), URI.create(console).getPort())) {
            socket.getOutputStream()
                    .write(("GET /hawtio/jolokia HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    private static Process command(int port, String url) throws IOException {
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Dcdc.home=" + home,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.github.scyllapgcdc.cli.Cdc",
                        "hawtio",
                        "--port",
                        Integer.toString(port),
                        "--url",
                        url)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("hawtio-" + port + ".out").toFile());
        command.environment().put("MANAGEMENT_USERNAME", USER);
        command.environment().put("MANAGEMENT_PASSWORD", PASSWORD);
        return command.start();
    }

    private static String output() throws IOException {
        return Files.readString(home.resolve("hawtio-" + URI.create(console).getPort() + ".out"));
    }
}
