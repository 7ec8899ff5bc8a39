package peers;

import static peers.Facts.FOREVER;
import static peers.Facts.ONE;
import static peers.Facts.millionths;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Somebody's employments: their pieces, the days in service, and what follows from these alone. */
final class Employments {
    private static final int GAP = 7;
    private static final List<String> FORMS = List.of("permanent", "fixed_term", "hourly");

    /** The main employment is the largest, then the earliest, then that of the smallest name. */
    private static final Comparator<Piece> RANK = Comparator.<Piece>comparingInt(piece -> FORMS.indexOf(piece.form()))
            .thenComparingDouble(piece -> -piece.fte())
            .thenComparingLong(Piece::since)
            .thenComparing(Piece::name);

    /** Days with the same employments in force: where the person works, as what, and which are paid by the month. */
    record Days(long first, long last, String unit, String form, List<Piece> posts) {}

    private final List<Piece> pieces = new ArrayList<>();
    private final List<Days> days = new ArrayList<>();

    Employments(Collection<Event> jobs, String ref) {
        Map<String, List<Event>> byName = jobs.stream().collect(Collectors.groupingBy(
                event -> event.data().employment() == null ? ref : event.data().employment()));
        byName.forEach((name, told) -> periods(told).forEach(period ->
                pieces.addAll(Piece.of(name, period, Event.STARTED, Event.CHANGED, Event.ENDED))));
        serve();
    }

    List<Days> days() {
        return days;
    }

    /** The events of one employment by period: between two neighbouring starts lies a boundary if an end does. */
    private static Collection<List<Event>> periods(List<Event> told) {
        List<Long> starts = daysOf(told, Event.STARTED), ends = daysOf(told, Event.ENDED);
        TreeMap<Long, List<Event>> periods = new TreeMap<>(Map.of(Long.MIN_VALUE, new ArrayList<>()));
        for (int n = 1; n < starts.size(); n++) {
            long earlier = starts.get(n - 1), later = starts.get(n);
            if (ends.stream().anyMatch(end -> earlier <= end && end < later)) {
                periods.put(later, new ArrayList<>());
            }
        }
        told.forEach(event -> periods.floorEntry(event.day()).getValue().add(event));
        return periods.values();
    }

    private static List<Long> daysOf(List<Event> told, String type) {
        return told.stream().filter(event -> event.type().equals(type)).map(Event::day).sorted().toList();
    }

    private void serve() {
        TreeSet<Long> turns = new TreeSet<>();
        pieces.forEach(piece -> turns.addAll(List.of(piece.first(), piece.last() + 1)));
        for (Long first : turns) {
            List<Piece> force = pieces.stream().filter(piece -> piece.holds(first)).toList();
            if (!force.isEmpty()) {
                Piece home = force.stream().min(RANK).get();
                List<Piece> posts = force.stream().filter(Piece::isPost).toList();
                days.add(new Days(first, turns.higher(first) - 1, home.unit(), home.form(), posts));
            }
        }
    }

    /** Posts, permanent staff, who joined them and who left; a week between is no break. */
    void contribute(Facts facts) {
        for (Piece piece : pieces) {
            if (piece.isPost()) {
                facts.span(piece.unit(), "fte", piece.first(), piece.last(), millionths(piece.fte()));
            }
        }
        Days before = null;
        for (Days now : days) {
            if (now.form().equals("permanent")) {
                facts.span(now.unit(), "headcount", now.first(), now.last(), ONE);
                if (before == null || now.first() - before.last() - 1 > GAP) {
                    leave(before, facts);
                    facts.point(now.unit(), "joiners", now.first(), ONE);
                }
                before = now;
            }
        }
        leave(before, facts);
    }

    private static void leave(Days last, Facts facts) {
        if (last != null && last.last() < FOREVER) {
            facts.point(last.unit(), "leavers", last.last() + 1, ONE);
        }
    }
}
