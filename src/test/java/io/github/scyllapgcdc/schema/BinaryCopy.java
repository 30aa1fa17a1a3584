package io.github.scyllapgcdc.schema;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyInputStream;

/** The rows of a query as {@code COPY} gives them in binary. */
final class BinaryCopy {
    private static final int SIGNATURE = 11;

    private BinaryCopy() {}

    /** The first column of each row, null for null. */
    static List<ByteBuffer> column(Connection connection, String query) throws SQLException, IOException {
        List<ByteBuffer> column = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new PGCopyInputStream(
                connection.unwrap(PGConnection.class), "COPY (" + query + ") TO STDOUT (FORMAT binary)"))) {
            in.skipNBytes(SIGNATURE + Integer.BYTES);
            in.skipNBytes(in.readInt());
            while (in.readShort() > 0) {
                int length = in.readInt();
                // Somewhere in a larger buffer, as whoever reads many rows has them
                column.add(
                        length < 0
                                ? null
                                : ByteBuffer.allocate(length + 3)
                                        .position(3)
                                        .put(in.readNBytes(length))
                                        .position(3));
            }
            // The connection is free only once its end was read
            if (in.read() >= 0) {
                throw new IOException("something follows the last row");
            }
        }
        return column;
    }
}
