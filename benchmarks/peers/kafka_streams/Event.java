package peers;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Set;

/** What the job needs of an event; {@code corrects} is the key of another, {@code type} empty if it only corrects. */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
public record Event(long at, String id, String key, String type, String corrects, Data data)
        implements Comparable<Event> {
    static final String STARTED = "hr.employment.started.v1", CHANGED = "hr.employment.changed.v1";
    static final String ENDED = "hr.employment.ended.v1";
    static final String ABSENT = "hr.absence.started.v1", LESS_ABSENT = "hr.absence.changed.v1";
    static final String BACK = "hr.absence.ended.v1";
    static final String CASELOAD = "hr.caseload.reported.v1", HOURS = "hr.time.reported.v1";
    static final Set<String> JOB = Set.of(STARTED, CHANGED, ENDED), ABSENCES = Set.of(ABSENT, LESS_ABSENT, BACK);
    private static final Comparator<Event> RECORDED =
            Comparator.comparingLong(Event::at).thenComparing(Event::id).thenComparing(Event::key);

    /** The fields of data that the job reads, of whatever type; what is not given is null. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Data(
            LocalDate effective,
            @JsonProperty("last_day") LocalDate lastDay,
            LocalDate from,
            LocalDate to,
            String employment,
            String absence,
            String unit,
            String form,
            Double fte,
            String kind,
            Double extent,
            @JsonProperty("open_cases") Double openCases,
            Double points,
            @JsonProperty("worked_hours") Double workedHours,
            @JsonProperty("overtime_hours") Double overtimeHours) {

        /** With what a change replaces. */
        Data with(Data change) {
            return new Data(effective, lastDay, from, to, employment, absence,
                    change.unit == null ? unit : change.unit,
                    change.form == null ? form : change.form,
                    change.fte == null ? fte : change.fte,
                    kind,
                    change.extent == null ? extent : change.extent,
                    openCases, points, workedHours, overtimeHours);
        }
    }

    /** An event as it travels. */
    public record Message(
            String id, String source, String type, String subject, OffsetDateTime time, String corrects, Data data) {

        /** The event of a message; null if the job has no use for it. */
        Event event() {
            boolean told = JOB.contains(type) || ABSENCES.contains(type) || CASELOAD.equals(type) || HOURS.equals(type);
            if (!subject.startsWith("person/") || !(told || corrects != null)) {
                return null;
            }
            long micros = ChronoUnit.MICROS.between(Instant.EPOCH, time.toInstant());
            String corrected = corrects == null ? null : identity(source, corrects);
            return new Event(micros, id, identity(source, id), told ? type : "", corrected, told ? data : null);
        }

        private static String identity(String source, String id) {
            return source.length() + ":" + source + ":" + id;
        }
    }

    /** The day by which an event belongs to a period of an employment. */
    long day() {
        return (type.equals(ENDED) ? data.lastDay() : data.effective()).toEpochDay();
    }

    @Override
    public int compareTo(Event other) {
        return RECORDED.compare(this, other);
    }
}
