package peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The job without a stream, to be compared: events on standard input, a line each; changes of facts on the output. */
public final class Folded {
    private Folded() {}

    public static void main(String[] none) throws IOException {
        Map<String, Person> people = new HashMap<>();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Event.Message message = Json.read(line.getBytes(StandardCharsets.UTF_8), Event.Message.class);
            Event event = message.event();
            if (event != null) {
                String ref = message.subject().substring(message.subject().indexOf('/') + 1);
                people.computeIfAbsent(message.subject(), subject -> new Person()).take(event, ref).forEach(
                        (fact, amount) -> System.out.println(fact.key() + "\t" + amount));
            }
        }
    }
}
