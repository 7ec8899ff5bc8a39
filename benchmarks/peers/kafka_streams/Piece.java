package peers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Days with the same terms, of an employment or absence that began on {@code since}. */
record Piece(long first, long last, long since, String name, Event.Data terms) {

    /** What events describe: of several starts or ends the last recorded holds, changes as they take effect. */
    static List<Piece> of(String name, Collection<Event> told, String started, String changed, String ended) {
        TreeSet<Event> starts = of(told, started), changes = of(told, changed), ends = of(told, ended);
        List<Piece> pieces = new ArrayList<>();
        if (starts.isEmpty()) {
            return pieces;
        }
        Event.Data terms = starts.last().data(), end = ends.isEmpty() ? terms : ends.last().data();
        long first = terms.effective().toEpochDay(), since = first;
        long last = end.lastDay() == null ? Facts.FOREVER : end.lastDay().toEpochDay();
        if (last < first) {
            return pieces;
        }
        for (Event change : changes.stream().sorted(Comparator.comparing(Event::day)).toList()) {
            if (change.day() > last) {
                break;
            }
            if (change.day() > since) {
                pieces.add(new Piece(since, change.day() - 1, first, name, terms));
                since = change.day();
            }
            terms = terms.with(change.data());
        }
        pieces.add(new Piece(since, last, first, name, terms));
        return pieces;
    }

    private static TreeSet<Event> of(Collection<Event> told, String type) {
        TreeSet<Event> found = new TreeSet<>();
        told.stream().filter(event -> event.type().equals(type)).forEach(found::add);
        return found;
    }

    boolean holds(long day) {
        return first <= day && day <= last;
    }

    String unit() {
        return terms.unit();
    }

    String form() {
        return terms.form() == null ? "permanent" : terms.form();
    }

    boolean isPost() {
        return !form().equals("hourly");
    }

    double fte() {
        return terms.fte() == null ? 1 : terms.fte();
    }
}
