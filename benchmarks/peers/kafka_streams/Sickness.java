package peers;

import static peers.Facts.ONE;
import static peers.Facts.millionths;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Somebody's absences: sick time of each post, and spells by the unit in which they begin. */
final class Sickness {
    private static final Set<String> SICK = Set.of("sick", "work_injury"), LEAVE = Set.of("parental", "study", "leave");
    private static final int WEEKEND = 2;

    private final List<Piece> absences = new ArrayList<>();
    private final Facts facts;
    private Long lastSick;

    private Sickness(Collection<Event> told, Facts facts) {
        this.facts = facts;
        told.stream().collect(Collectors.groupingBy(event -> event.data().absence())).forEach((name, some) ->
                absences.addAll(Piece.of(name, some, Event.ABSENT, Event.LESS_ABSENT, Event.BACK)));
    }

    static void contribute(List<Employments.Days> days, Collection<Event> told, Facts facts) {
        Sickness sickness = new Sickness(told, facts);
        if (!sickness.absences.isEmpty()) {
            days.forEach(sickness::count);
        }
    }

    /** Days in service, cut where absences begin, change or end. */
    private void count(Employments.Days here) {
        TreeSet<Long> turns = new TreeSet<>(Set.of(here.first()));
        absences.forEach(piece -> turns.addAll(Set.of(piece.first(), piece.last() + 1)));
        for (Long first : turns.subSet(here.first(), true, here.last(), true)) {
            Long next = turns.higher(first);
            count(here, first, next == null ? here.last() : Math.min(next - 1, here.last()));
        }
    }

    private void count(Employments.Days here, long first, long last) {
        boolean sick = false;
        for (Piece post : here.posts()) {
            long extent = extent(post.name(), first);
            if (extent > 0) {
                sick = true;
                long amount = (long) Math.rint(millionths(post.fte()) * extent / (double) ONE);
                facts.span(post.unit(), "sick_fte", first, last, amount);
            }
        }
        if (sick) {
            if (lastSick == null || !isWeekend(lastSick + 1, first)) {
                facts.point(here.unit(), "sick_spells", first, ONE);
            }
            lastSick = last;
        }
    }

    /** How sick somebody is from an employment on a day: with leave at most the whole, leave first. */
    private long extent(String employment, long day) {
        long sick = 0, leave = 0;
        for (Piece piece : absences) {
            String from = piece.terms().employment();
            if (piece.holds(day) && (from == null || from.equals(employment))) {
                long extent = millionths(piece.terms().extent() == null ? 1 : piece.terms().extent());
                sick += SICK.contains(piece.terms().kind()) ? extent : 0;
                leave += LEAVE.contains(piece.terms().kind()) ? extent : 0;
            }
        }
        return Math.min(ONE - Math.min(ONE, leave), sick);
    }

    /** Whether no days lie between, or nothing but Saturdays and Sundays. */
    private static boolean isWeekend(long first, long after) {
        if (after - first > WEEKEND) {
            return false;
        }
        return LocalDate.ofEpochDay(first).datesUntil(LocalDate.ofEpochDay(after))
                .allMatch(day -> day.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) >= 0);
    }
}
