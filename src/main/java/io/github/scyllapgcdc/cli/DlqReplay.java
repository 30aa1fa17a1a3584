package io.github.scyllapgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.scyllapgcdc.Application;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./cdc dlq replay}; exit code 0 when every letter was replayed, else 1. */
@Command(
        name = "replay",
        description = {
            "Replay dead letters, and mark them.",
            "Their rows are read again in ScyllaDB and applied as they are now, so nothing newer is ever undone. Remove"
                    + " first what PostgreSQL refused, or the row becomes a dead letter once more."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  cdc dlq replay --table ecommerce.users",
            "  cdc dlq replay 6f9619ff-8b86-d011-b42d-00cf4fc964ff/2/1042",
            "  cdc dlq replay --raw --error users_name_check"
        })
final class DlqReplay implements Callable<Integer> {
    @Mixin
    private DlqClient client;

    @Mixin
    private DlqOptions options;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "These letters, as cdc dlq list has them.")
    private List<String> ids;

    @Option(names = "--again", description = "Those that were replayed before as well.")
    private boolean again;

    @Option(
            names = "--raw",
            description =
                    "Apply the dead-lettered records themselves instead. Each is refused when a later record of its"
                            + " row, or of its whole partition, has been read since.")
    private boolean raw;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, Object> given = new LinkedHashMap<>(options.values());
        given.put("ids", ids);
        given.put("again", again);
        given.put("raw", raw);
        JsonNode report = client.post("/dlq/replay", given);
        System.out.print(client.asJson() ? report.toPrettyString() + "\n" : text(report, raw));
        return report.path("failed").asInt() == 0 ? 0 : Application.RUN_TIME_ERROR;
    }

    static String text(JsonNode report, boolean raw) {
        StringBuilder out = new StringBuilder();
        for (JsonNode failure : report.path("failures")) {
            out.append("not replayed: ")
                    .append(failure.path("id").asText())
                    .append(": ")
                    .append(failure.path("reason").asText())
                    .append('\n');
        }
        int unsaid = report.path("failed").asInt() - report.path("failures").size();
        if (unsaid > 0) {
            out.append("not replayed: ").append(unsaid).append(" more\n");
        }
        out.append(DlqOptions.count(report.path("replayed")))
                .append(raw ? " replayed: applied\n" : " replayed: asked ScyllaDB for the rows\n");
        if (report.path("before").asInt() > 0) {
            out.append(DlqOptions.count(report.path("before")))
                    .append(" left alone: replayed before, --again replays them once more\n");
        }
        return out.toString();
    }
}
