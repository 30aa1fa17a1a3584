package io.github.scyllapgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import picocli.CommandLine.Option;

/** How all commands of {@code ./cdc dlq} ask the application. */
final class DlqClient {
    @Option(names = "--app-url", paramLabel = "URL", description = "The running application's address.")
    private String appUrl;

    @Option(names = "--json", description = "Print the application's answer as it is.")
    private boolean asJson;

    boolean asJson() {
        return asJson;
    }

    JsonNode get(String path, Map<String, String> parameters) throws InterruptedException {
        return AppClient.find(appUrl, Home.find()).get(path, parameters).orRefusal();
    }

    JsonNode post(String path, Map<String, Object> values) throws InterruptedException {
        return AppClient.find(appUrl, Home.find()).post(path, values).orRefusal();
    }
}
