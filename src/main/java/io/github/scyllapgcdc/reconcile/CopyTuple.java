package io.github.scyllapgcdc.reconcile;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** One row of {@code COPY … TO STDOUT (FORMAT binary)}. Used again for the next row; belongs to one thread. */
final class CopyTuple {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final int END = -1;

    private ByteBuffer[] fields = new ByteBuffer[0];

    /**
     * Takes a message, of which the server sends one for each row.
     *
     * @return whether there is a row in it
     */
    boolean read(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        if (startsWithSignature(message)) {
            in.position(SIGNATURE.length + Integer.BYTES);
            int extension = in.getInt();
            in.position(in.position() + extension);
            if (!in.hasRemaining()) {
                return false;
            }
        }
        int count = in.getShort();
        if (count == END) {
            return false;
        }
        if (fields.length != count) {
            fields = new ByteBuffer[count];
        }
        for (int i = 0; i < count; i++) {
            int length = in.getInt();
            if (length < 0) {
                fields[i] = null;
            } else {
                fields[i] = in.slice(in.position(), length);
                in.position(in.position() + length);
            }
        }
        return true;
    }

    /** A row has two bytes for the number of its columns first, and a table no 20,000 of them. */
    private static boolean startsWithSignature(byte[] message) {
        return message.length >= SIGNATURE.length
                && Arrays.equals(message, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
    }

    /** A column's bytes, null for null. */
    ByteBuffer field(int index) {
        return fields[index];
    }
}
