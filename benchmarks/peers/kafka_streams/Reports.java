package peers;

import static peers.Facts.FOREVER;
import static peers.Facts.millionths;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Somebody's reports of caseload and hours, over the days in service. */
final class Reports {
    private Reports() {}

    /** Each report of cases until the day before the next one; of several on a day the last recorded. */
    static void caseload(List<Employments.Days> days, Collection<Event> told, Facts facts) {
        long last = FOREVER;
        Comparator<Event> effective = Comparator.comparingLong(Event::day).thenComparing(Comparator.naturalOrder());
        for (Event report : told.stream().sorted(effective.reversed()).toList()) {
            for (Employments.Days here : days) {
                if (!here.form().equals("hourly")) {
                    long first = Math.max(report.day(), here.first()), until = Math.min(last, here.last());
                    facts.span(here.unit(), "open_cases", first, until, millionths(report.data().openCases()));
                    if (report.data().points() != null) {
                        facts.span(here.unit(), "points", first, until, millionths(report.data().points()));
                    }
                }
            }
            last = Math.min(last, report.day() - 1);
        }
    }

    /** Hours lie evenly on those days of the report on which the person works here. */
    static void hours(List<Employments.Days> days, Event.Data report, Facts facts) {
        long from = report.from().toEpochDay(), to = report.to().toEpochDay(), worked = 0;
        for (Employments.Days here : days) {
            worked += Math.max(0, Math.min(to, here.last()) - Math.max(from, here.first()) + 1);
        }
        for (Employments.Days here : days) {
            long first = Math.max(from, here.first()), last = Math.min(to, here.last());
            facts.span(here.unit(), "worked_hours", first, last, perDay(report.workedHours(), worked));
            facts.span(here.unit(), "overtime_hours", first, last, perDay(report.overtimeHours(), worked));
        }
    }

    private static long perDay(Double hours, long days) {
        return hours == null || days == 0 ? 0 : millionths(hours / days);
    }
}
