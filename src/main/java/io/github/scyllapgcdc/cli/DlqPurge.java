package io.github.scyllapgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./cdc dlq purge}. */
@Command(
        name = "purge",
        description = "Remove dead letters for good. Which ones has to be said.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  cdc dlq purge --state replayed", "  cdc dlq purge --table ecommerce.users", "  cdc dlq purge --all"
        })
final class DlqPurge implements Runnable {
    @Mixin
    private DlqClient client;

    @Mixin
    private DlqOptions options;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "These letters, as cdc dlq list has them.")
    private List<String> ids;

    @Option(names = "--all", description = "All there are.")
    private boolean all;

    @Override
    public void run() {
        Map<String, Object> given = new LinkedHashMap<>(options.values());
        given.put("ids", ids);
        given.put("all", all);
        try {
            JsonNode report = client.post("/dlq/purge", given);
            System.out.print(
                    client.asJson()
                            ? report.toPrettyString() + "\n"
                            : DlqOptions.count(report.path("purged")) + " purged\n");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
