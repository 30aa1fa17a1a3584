package io.github.scyllapgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ./cdc dlq show}. */
@Command(
        name = "show",
        description = "Show one dead letter: its headers, and the change in it if that can be read, else its bytes.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  cdc dlq show 6f9619ff-8b86-d011-b42d-00cf4fc964ff/2/1042")
final class DlqShow implements Runnable {
    @Mixin
    private DlqClient client;

    @Parameters(paramLabel = "ID", description = "The letter, as cdc dlq list has it.")
    private String id;

    @Override
    public void run() {
        try {
            JsonNode letter = client.get("/dlq/letter", Map.of("id", id));
            System.out.print(client.asJson() ? letter.toPrettyString() + "\n" : text(letter));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lines of "name: value", and what has parts as JSON below its name. */
    static String text(JsonNode letter) {
        StringBuilder out = new StringBuilder();
        letter.properties().forEach(field -> {
            if (field.getValue().isContainerNode()) {
                out.append(field.getKey())
                        .append(":\n")
                        .append(field.getValue().toPrettyString())
                        .append('\n');
            } else if (!field.getValue().isNull()) {
                out.append(field.getKey())
                        .append(": ")
                        .append(field.getValue().asText())
                        .append('\n');
            }
        });
        return out.toString();
    }
}
