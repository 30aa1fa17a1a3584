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
        return body(AppClient.find(appUrl, Home.find()).get(path, parameters));
    }

    JsonNode post(String path, Map<String, Object> values) throws InterruptedException {
        return body(AppClient.find(appUrl, Home.find()).post(path, values));
    }

    /** A refusal is the user's one line; a report that tells of failures is a report. */
    private static JsonNode body(AppClient.Answer answer) {
        if (answer.body().has("error") && answer.code() >= 400) {
            throw new CliException(answer.body().path("error").asText());
        }
        return answer.body();
    }
}
