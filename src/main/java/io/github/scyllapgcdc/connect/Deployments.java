package io.github.scyllapgcdc.connect;

import com.datastax.oss.driver.api.core.CqlSession;
import io.github.scyllapgcdc.connectors.Connector;
import io.github.scyllapgcdc.deploy.RouteFolder;
import io.github.scyllapgcdc.deploy.RouteFolder.Written;
import io.github.scyllapgcdc.deploy.TableCheck;
import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Makes and removes connectors: writes the route files, which this instance and those that share its folder follow. One at a time,
 * since source and sink of a table are in one file.
 */
public final class Deployments {
    private final RouteFolder folder;
    private final Supplier<CqlSession> scylla;

    public Deployments(RouteFolder folder, Supplier<CqlSession> scylla) {
        this.folder = folder;
        this.scylla = scylla;
    }

    /** Makes a connector, or brings the one that is there to a configuration; answers how many tasks it has then. */
    synchronized int deploy(String name, ConnectorConfig config) {
        TableId table = config.table();
        String expected = folder.connectorName(table, config.half());
        if (!expected.equals(name) || !config.name().orElse(name).equals(name)) {
            throw ConnectException.badRequest("name=" + config.name().orElse(name) + " is refused: the "
                    + config.type().text() + " of " + table + " is called " + expected);
        }
        if (config.type() == Connector.Type.SOURCE) {
            CqlSession session = scylla.get();
            session.refreshSchema(); // the driver learns of a new table a second later
            TableCheck.require(session, table);
        }
        String text = folder.deployed(table, config.half(), config.tasks(), false);
        try {
            if (folder.write(table, text, true) == Written.READ_ONLY) {
                throw ConnectException.conflict(
                        folder.file(table) + " can't be written, its folder is read-only; it is to say:\n" + text);
            }
        } catch (IOException e) {
            throw new ConnectException(
                    ConnectHttp.UNAVAILABLE, folder.file(table) + " can't be written: " + e.getMessage());
        }
        return Math.toIntExact(RouteFolder.routeIds(text).stream()
                .filter(id -> id.startsWith(name))
                .count());
    }

    synchronized void remove(Connector connector) {
        RouteFolder.Type half =
                connector.type() == Connector.Type.SOURCE ? RouteFolder.Type.SOURCE : RouteFolder.Type.SINK;
        TableId table = TableId.parse(connector.topic());
        if (!folder.file(table).getFileName().toString().equals(connector.file())) {
            throw ConnectException.conflict("Connector " + connector.name() + " is in " + connector.file()
                    + ", which holds more than this table: take its route out there");
        }
        try {
            folder.remove(table, half);
        } catch (IOException e) {
            throw new ConnectException(
                    ConnectHttp.UNAVAILABLE, connector.file() + " can't be changed: " + e.getMessage());
        }
    }
}
