package io.github.scyllapgcdc.source;

import com.datastax.oss.driver.api.core.CqlSession;
import io.github.scyllapgcdc.metrics.SourceMeters;
import io.github.scyllapgcdc.source.log.LogColumn;
import io.github.scyllapgcdc.source.log.LogDecoder;
import io.github.scyllapgcdc.source.log.LogLayout;
import io.github.scyllapgcdc.source.log.TableShape;
import io.github.scyllapgcdc.source.log.TableShapes;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decodes pages of one table's log, and keeps up with the table's schema. Belongs to one thread. */
final class TableReader {
    private static final Logger LOG = LoggerFactory.getLogger(TableReader.class);

    private final CqlSession session;
    private final DeadLetters deadLetters;
    private final SourceMeters meters;
    private TableShape shape;
    private LogDecoder decoder;

    TableReader(CqlSession session, TableShape shape, DeadLetters deadLetters, SourceMeters meters) {
        this.session = session;
        this.shape = shape;
        this.deadLetters = deadLetters;
        this.meters = meters;
    }

    TableShape shape() {
        return shape;
    }

    /** Looks the table's options up again; its columns are looked up when a page has others. */
    void refreshOptions() {
        TableShape now =
                shape.withOptionsOf(TableShapes.of(session, shape.schema().table()));
        if (now.keysOnly() != shape.keysOnly()) {
            decoder = null;
        }
        shape = now;
    }

    /**
     * The decoder for rows with these columns. If they are not those of the schema as known, the schema is fetched again.
     *
     * @throws SourceException if they are not those of the fresh schema either, as of a page that was on its way when the
     *     schema changed: reading it again helps
     */
    LogDecoder decoder(List<LogColumn> columns) {
        if (decoder == null) {
            decoder = new LogDecoder(layout(columns));
        } else if (!decoder.layout().fits(columns)) {
            decoder.use(layout(columns));
        }
        return decoder;
    }

    private LogLayout layout(List<LogColumn> columns) {
        try {
            return shape.layout(columns);
        } catch (IllegalArgumentException e) {
            LOG.info("table={} its schema has changed", shape.schema().table());
        }
        meters.schemaChanged();
        session.refreshSchema();
        shape = TableShapes.of(session, shape.schema().table());
        deadLetters.use(shape);
        try {
            return shape.layout(columns);
        } catch (IllegalArgumentException e) {
            throw new SourceException(
                    SourceException.Kind.RETRY,
                    "the schema of " + shape.schema().table() + " changed while its log was read: " + e.getMessage(),
                    e);
        }
    }
}
