package io.github.scyllapgcdc.reconcile;

import static io.github.scyllapgcdc.reconcile.Checkpoint.Part.COMPARE;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Looks row by row at the buckets whose sums differ: their rows are read in ScyllaDB again and looked up in Postgres. Where Postgres
 * had more rows than were found so, the others are looked for by their keys.
 */
final class BucketLook implements Look {
    /** Buckets of one piece of work, and rows of one wave of pieces, but for a bucket that has more by itself. */
    private static final int PIECE = 32;

    private static final long WAVE_ROWS = 50_000;
    /** How long the read of a slice may be ago, for the topic to be looked through from there on. */
    private static final Duration RECENT = Duration.ofMinutes(1);
    /** More rows of one bucket that differ are not kept until its end. */
    private static final int MOST = 10_000;

    private final RunParts parts;
    private final Slices slices;
    private final Slices buckets;
    private final Buckets scyllaSums;
    private final Buckets postgresSums;
    private final Moment[] readAt;
    private final ExtraRows extra;

    /** @param readAt when each slice was read, null where that is not known any more */
    BucketLook(
            RunParts parts, Slices slices, Slices buckets, Buckets scyllaSums, Buckets postgresSums, Moment[] readAt) {
        this.parts = parts;
        this.slices = slices;
        this.buckets = buckets;
        this.scyllaSums = scyllaSums;
        this.postgresSums = postgresSums;
        this.readAt = readAt;
        this.extra = new ExtraRows(parts, buckets);
    }

    @Override
    public void run() throws SQLException, InterruptedException {
        parts.progress().phase(RunStatus.Phase.COMPARING);
        BitSet differing = scyllaSums.differing(postgresSums);
        int next = 0;
        for (Checkpoint kept : parts.store().kept(parts.run().request().id(), COMPARE)) {
            next = (int) kept.rows();
            extra.restore(kept.kept());
        }
        double before = parts.progress().done();
        int all = Math.max(1, differing.cardinality());
        int done = differing.get(0, next).cardinality();
        while (next < buckets.count() && differing.nextSetBit(next) >= 0) {
            List<List<Integer>> wave = new ArrayList<>();
            next = wave(differing, next, wave);
            List<Callable<Void>> work = new ArrayList<>();
            for (List<Integer> piece : wave) {
                done += piece.size();
                work.add(() -> {
                    look(piece);
                    return null;
                });
            }
            parts.workers().all(work);
            int reached = next;
            parts.comparison().settleIfDue(() -> reached(reached));
            parts.progress().done(before + (1 - before) * 0.9 * done / all);
        }
        extra.look();
        extra.clear();
        parts.comparison().settle(reached(buckets.count()));
    }

    private Checkpoint reached(int next) {
        return new Checkpoint(COMPARE, 0, next, extra.kept());
    }

    /** Takes the next buckets; returns behind which one. */
    private int wave(BitSet differing, int from, List<List<Integer>> wave) {
        List<Integer> piece = new ArrayList<>(PIECE);
        long rows = 0;
        int next = from;
        for (int bucket = differing.nextSetBit(from);
                bucket >= 0 && rows < WAVE_ROWS && wave.size() < PIECE;
                bucket = differing.nextSetBit(next)) {
            piece.add(bucket);
            next = bucket + 1;
            rows += scyllaSums.count(bucket);
            if (piece.size() == PIECE) {
                wave.add(List.copyOf(piece));
                piece.clear();
            }
        }
        if (!piece.isEmpty()) {
            wave.add(piece);
        }
        return next;
    }

    private void look(List<Integer> piece) throws SQLException, InterruptedException {
        Piece rows = new Piece();
        for (int bucket : piece) {
            rows.read(bucket);
        }
        rows.flush();
        rows.end();
    }

    /** The rows of some buckets. */
    private final class Piece {
        private final RowForm form = new RowForm(parts.form());
        private final List<InBucket> open = new ArrayList<>();
        private final List<Placed> waiting = new ArrayList<>();

        private record Placed(RowImage row, InBucket bucket) {}

        void read(int number) throws SQLException, InterruptedException {
            parts.stop().check();
            InBucket bucket = new InBucket(number, parts.topic().now());
            open.add(bucket);
            try {
                parts.scylla().range(buckets.range(number), row -> {
                    RowImage image = form.image(row);
                    bucket.count++;
                    bucket.sum += image.hash();
                    waiting.add(new Placed(image, bucket));
                    if (waiting.size() == Comparison.ROWS) {
                        flushUnchecked();
                    }
                });
            } catch (LookupException e) {
                throw e.cause;
            }
            bucket.read = bucket.read.until(System.currentTimeMillis());
        }

        /** Looks in Postgres for the rows at hand. */
        void flush() throws SQLException, InterruptedException {
            if (waiting.isEmpty()) {
                return;
            }
            Map<ByteBuffer, RowImage> found = parts.comparison()
                    .inPostgres(
                            waiting.stream().map(placed -> placed.row().key()).toList());
            for (Placed placed : waiting) {
                placed.bucket().take(placed.row(), found.get(placed.row().key().id()));
            }
            waiting.clear();
        }

        private void flushUnchecked() throws InterruptedException {
            try {
                flush();
            } catch (SQLException e) {
                throw new LookupException(e);
            }
        }

        void end() {
            open.forEach(InBucket::end);
        }
    }

    /** From within a read of the other side. */
    private static final class LookupException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final SQLException cause;

        LookupException(SQLException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    /** What a bucket has. */
    private final class InBucket {
        private final int number;
        private Moment read;
        private int count;
        private long sum;
        private int found;
        private long foundSum;
        private int looked;
        private final List<RowImage> unequal = new ArrayList<>();
        private long[] ids = new long[16];

        InBucket(int number, Moment begun) {
            this.number = number;
            this.read = begun;
        }

        void take(RowImage row, RowImage inPostgres) throws SQLException, InterruptedException {
            if (inPostgres != null) {
                found++;
                foundSum += inPostgres.hash();
            }
            if (looked < MOST) {
                ids = looked == ids.length ? Arrays.copyOf(ids, 2 * looked) : ids;
                ids[looked] = row.key().hash();
            }
            looked++;
            if (!RowImage.same(row, inPostgres)) {
                unequal.add(row);
                if (unequal.size() > MOST) {
                    suspect(read.until(System.currentTimeMillis()));
                    parts.comparison().settleIfFull();
                }
            }
        }

        void end() {
            Moment slice = readAt[number >>> (buckets.bits() - slices.bits())];
            boolean recent = slice != null && System.currentTimeMillis() - slice.millis() < RECENT.toMillis();
            // The same rows as when the slice was read: then they were these at that moment
            boolean unchanged = recent && scyllaSums.is(number, count, sum);
            suspect(unchanged ? slice : read);
            // By the sum, too: a row that came meanwhile makes up for the number of one that is too many
            if (!postgresSums.is(number, found, foundSum)) {
                extra.in(
                        number,
                        looked <= MOST ? (unchanged ? slice : read) : null,
                        Arrays.copyOf(ids, Math.min(looked, MOST)));
            }
        }

        private void suspect(Moment moment) {
            unequal.forEach(row -> parts.comparison().suspect(new Suspect(row.key(), row, moment)));
            unequal.clear();
        }
    }
}
