package io.github.scyllapgcdc.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./cdc dlq}: the dead letters of the running application. */
@Command(
        name = "dlq",
        description = {
            "List, show, replay and purge dead letters: changes that could not be applied to PostgreSQL"
                    + " (dlq-postgres-sink) or published to Kafka (dlq-scylla-source).",
            "The running application does the work."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  cdc dlq list --table ecommerce.users --error 23514",
            "  cdc dlq show ID",
            "  cdc dlq replay --table ecommerce.users",
            "  cdc dlq purge --state replayed"
        },
        subcommands = {DlqList.class, DlqShow.class, DlqReplay.class, DlqPurge.class})
final class DlqCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
