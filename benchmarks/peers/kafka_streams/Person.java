package peers;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The state of one person: every event of the job, whether it holds or not. */
public final class Person {
    private final LinkedHashMap<String, Event> events = new LinkedHashMap<>();

    public Person() {}

    @JsonCreator
    public Person(List<Event> told) {
        told.forEach(event -> events.put(event.key(), event));
    }

    @JsonValue
    public Collection<Event> told() {
        return events.values();
    }

    /** Take an event in; by what the person's facts change. One that is there already changes nothing. */
    public Map<Facts.Fact, Long> take(Event arrived, String ref) {
        if (events.containsKey(arrived.key())) {
            return Map.of();
        }
        Map<String, Event> before = holding();
        events.put(arrived.key(), arrived);
        return difference(before, holding(), ref);
    }

    /** The events that hold: neither corrected nor outdone by a later correction of the same. */
    private Map<String, Event> holding() {
        Map<String, Event> best = new HashMap<>();
        for (Event event : events.values()) {
            if (event.corrects() != null) {
                best.merge(event.corrects(), event, (a, b) -> a.compareTo(b) > 0 ? a : b);
            }
        }
        Map<String, Event> holding = new LinkedHashMap<>();
        events.forEach((key, event) -> {
            boolean outdone = event.corrects() != null && best.get(event.corrects()) != event;
            if (!event.type().isEmpty() && !best.containsKey(key) && !outdone) {
                holding.put(key, event);
            }
        });
        return holding;
    }

    /** Counted anew is what leans on the events that differ: all, if employments do; reports of hours stand alone. */
    private static Map<Facts.Fact, Long> difference(Map<String, Event> before, Map<String, Event> after, String ref) {
        List<Event> lost = without(before, after), gained = without(after, before);
        Set<String> types = new HashSet<>();
        lost.forEach(event -> types.add(event.type()));
        gained.forEach(event -> types.add(event.type()));
        if (types.stream().anyMatch(Event.ABSENCES::contains)) {
            types.addAll(Event.ABSENCES);
        }
        Facts facts = new Facts();
        contribute(before.values(), lost, types, ref, facts.sign(-1));
        contribute(after.values(), gained, types, ref, facts.sign(1));
        return facts.left();
    }

    private static List<Event> without(Map<String, Event> some, Map<String, Event> others) {
        return some.values().stream().filter(event -> !others.containsKey(event.key())).toList();
    }

    private static void contribute(
            Collection<Event> told, List<Event> flipped, Set<String> types, String ref, Facts facts) {
        boolean moved = types.stream().anyMatch(Event.JOB::contains);
        List<Event> leaning = told.stream().filter(event -> moved || (event.type().equals(Event.HOURS)
                ? flipped.contains(event) : types.contains(event.type()))).toList();
        if (leaning.isEmpty()) {
            return;
        }
        Employments employments = new Employments(of(told, Event.JOB), ref);
        if (moved) {
            employments.contribute(facts);
        }
        Sickness.contribute(employments.days(), of(leaning, Event.ABSENCES), facts);
        Reports.caseload(employments.days(), of(leaning, Set.of(Event.CASELOAD)), facts);
        for (Event report : of(leaning, Set.of(Event.HOURS))) {
            Reports.hours(employments.days(), report.data(), facts);
        }
    }

    private static List<Event> of(Collection<Event> told, Set<String> types) {
        return told.stream().filter(event -> types.contains(event.type())).toList();
    }
}
