package io.github.scyllapgcdc.dev;

import io.github.scyllapgcdc.cli.Home;
import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.Credentials;
import io.github.scyllapgcdc.config.HttpAddress;
import io.github.scyllapgcdc.config.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./cdc hawtio}: the Hawtio console, connected to a running application, until Ctrl-C. */
@Command(
        name = "hawtio",
        description = "Show the running application's routes in the Hawtio console, in a browser.",
        footer = {
            "",
            "The application's Jolokia has to be on: ./cdc dev does that, else set camel.management.jolokiaEnabled=true,"
                    + " management.username and management.password.",
            "",
            "Examples:",
            "  ./cdc hawtio",
            "  MANAGEMENT_USERNAME=operator MANAGEMENT_PASSWORD=... ./cdc hawtio --url http://cdc-1:8080/observe/jolokia"
        },
        mixinStandardHelpOptions = true)
public final class HawtioCommand implements Callable<Integer> {
    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8090",
            description = "The console's port on 127.0.0.1 (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The application's Jolokia (default: that of ./cdc dev, else of application.properties).")
    private String url;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = Home.find();
        Optional<Properties> stack =
                url == null ? home.stack().filter(all -> all.containsKey("management.url")) : Optional.empty();
        String jolokia = stack.map(properties -> properties.getProperty("management.url") + "/observe/jolokia")
                .orElseGet(() -> url == null ? configured(home.settings()) : withoutSlash(url));
        Credentials login = stack.map(HawtioCommand::login)
                .or(() -> home.settings().credentials("management"))
                .orElseThrow(() ->
                        new ConfigurationException("management.username is not set: expected the login of " + jolokia));
        requireAnswer(jolokia, login);
        requireFree(port);
        Path folder =
                Path.of(System.getProperty("cdc.home", "")).toAbsolutePath().resolve(".dev/hawtio/" + port);
        try (HawtioConsole console = new HawtioConsole(folder, port)) {
            Runtime.getRuntime().addShutdownHook(new Thread(console::close, "stop"));
            DevScreen screen = new DevScreen(System.out, false);
            screen.step("starting", "Hawtio on 127.0.0.1:" + port);
            console.start(jolokia, login, screen);
            screen.step("ready", "routes of " + jolokia);
            screen.say("\nOpen " + console.url() + " in a browser. Ctrl-C stops the console.");
            while (console.awaitEnd(Duration.ofDays(1)).isEmpty()) {
                // until it is stopped
            }
            throw new StackException("Hawtio ended:\n" + console.tail());
        }
    }

    private static String configured(Settings settings) {
        return HttpAddress.of(settings, "camel.management", 8080)
                + settings.text("camel.management.jolokiaPath", "/observe/jolokia");
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private static Credentials login(Properties stack) {
        return new Credentials(stack.getProperty("management.username"), stack.getProperty("management.password"));
    }

    private static void requireAnswer(String jolokia, Credentials login) throws InterruptedException {
        int status;
        try {
            status = Http.post(jolokia, "{\"type\":\"version\"}", "Authorization", basic(login))
                    .statusCode();
        } catch (IOException | IllegalArgumentException e) {
            // Without the cause, which says less: errors of connections are told by it alone
            throw new StackException("no running application at " + jolokia
                    + ": start one with ./cdc dev or ./cdc run, or name another with"
                    + " --url http://host:port/observe/jolokia");
        }
        switch (status) {
            case 200 -> {}
            case 401 ->
                throw new ConfigurationException(jolokia + " refuses the login of management.username="
                        + login.username() + ": set management.username and management.password as the application"
                        + " has them");
            case 404 ->
                throw new ConfigurationException("Jolokia is off at " + jolokia
                        + ": start the application with camel.management.jolokiaEnabled=true, management.username and"
                        + " management.password");
            default ->
                throw new StackException(jolokia + " answers with HTTP status " + status + ", not as Jolokia does");
        }
    }

    private static String basic(Credentials login) {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString((login.username() + ":" + login.password()).getBytes(StandardCharsets.UTF_8));
    }

    private static void requireFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            socket.setReuseAddress(true);
        } catch (IOException e) {
            // Without the cause, which would be taken for a port of the application
            throw new StackException("port " + port + " is taken on 127.0.0.1: choose another one with --port N");
        }
    }
}
