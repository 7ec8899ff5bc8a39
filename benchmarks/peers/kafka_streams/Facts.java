package peers;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;

/** Amounts in millionths by unit, measure and day; what is added with sign −1 is taken back. */
final class Facts {
    static final long ONE = 1_000_000;
    static final long FOREVER = LocalDate.of(9999, 12, 31).toEpochDay();

    /** From a day on, or on a day, a measure of a unit differs. */
    record Fact(String unit, String measure, long day) {
        /** As the key of a message: the day as people write it. */
        String key() {
            return unit + "|" + measure + "|" + LocalDate.ofEpochDay(day);
        }
    }

    private final Map<Fact, Long> sums = new HashMap<>();
    private int sign = 1;

    /** What is added from now on is added (1) or taken back (−1). */
    Facts sign(int value) {
        sign = value;
        return this;
    }

    /** Something happened on a day. */
    void point(String unit, String measure, long day, long amount) {
        sums.merge(new Fact(unit, measure, day), sign * amount, Long::sum);
    }

    /** Something is so from a day to another; nothing where that is no day. */
    void span(String unit, String measure, long first, long last, long amount) {
        if (first <= last) {
            point(unit, measure, first, amount);
            if (last < FOREVER) {
                point(unit, measure, last + 1, -amount);
            }
        }
    }

    /** What is left, without what cancelled. */
    Map<Fact, Long> left() {
        sums.values().removeIf(amount -> amount == 0);
        return sums;
    }

    /** An amount in millionths; half goes to the even one. */
    static long millionths(double amount) {
        return (long) Math.rint(amount * ONE);
    }
}
