package io.github.scyllapgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./cdc dlq list}. */
@Command(
        name = "list",
        description = "List dead letters, the oldest first: 100, unless --limit says how many.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  cdc dlq list", "  cdc dlq list --table ecommerce.users --state pending --limit 20"})
final class DlqList implements Runnable {
    private static final int ERROR_WIDTH = 80;

    @Mixin
    private DlqClient client;

    @Mixin
    private DlqOptions options;

    @Override
    public void run() {
        try {
            JsonNode answer = client.get("/dlq", options.values());
            System.out.print(client.asJson() ? answer.toPrettyString() + "\n" : text(answer));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static String text(JsonNode answer) {
        TextTable table = TextTable.of("id", "table", "time", "sqlstate", "error", "replayed");
        for (JsonNode letter : answer.path("letters")) {
            table.add(List.of(
                    letter.path("id").asText(),
                    letter.path("table").asText(""),
                    letter.path("time").asText(""),
                    letter.path("sqlState").asText(""),
                    shortened(letter.path("error").asText("")),
                    letter.path("replayedAt").isTextual()
                            ? letter.path("replayedHow").asText() + " "
                                    + letter.path("replayedAt").asText()
                            : ""));
        }
        int shown = answer.path("letters").size();
        int total = answer.path("total").asInt();
        String count = shown == total
                ? "(" + DlqOptions.count(answer.path("total")) + ")\n"
                : "(" + shown + " of " + DlqOptions.count(answer.path("total")) + "; --limit shows more)\n";
        return (total == 0 ? "" : table.render(false)) + count;
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= ERROR_WIDTH
                ? text
                : text.substring(0, text.offsetByCodePoints(0, ERROR_WIDTH - 1)) + "…";
    }
}
