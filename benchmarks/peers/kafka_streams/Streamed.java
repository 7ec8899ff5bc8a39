package peers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** The job as a stream, exactly once: events in, a state a person in RocksDB, changes of facts out. */
public final class Streamed {
    private static final String PEOPLE = "people";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Streamed() {}

    /** Takes an event into its person's state and forwards by what facts change. */
    private static final class Fold implements Processor<String, Event.Message, String, String> {
        private ProcessorContext<String, String> context;
        private KeyValueStore<String, Person> people;

        @Override
        public void init(ProcessorContext<String, String> given) {
            context = given;
            people = given.getStateStore(PEOPLE);
        }

        @Override
        public void process(Record<String, Event.Message> record) {
            Event event = record.value().event();
            if (event == null) {
                return;
            }
            Person kept = people.get(record.key()), person = kept == null ? new Person() : kept;
            String ref = record.key().substring(record.key().indexOf('/') + 1);
            person.take(event, ref).forEach((fact, amount) ->
                    context.forward(record.withKey(fact.key()).withValue(amount.toString())));
            people.put(record.key(), person);
        }
    }

    /** Runs until it is told to end: brokers, topic of events, topic of facts, folder of states, threads. */
    public static void main(String[] arguments) throws InterruptedException {
        KafkaStreams streams = new KafkaStreams(topology(arguments[1], arguments[2]), properties(arguments));
        CountDownLatch over = new CountDownLatch(1);
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
                over.countDown();
            }
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(PATIENCE)));
        streams.start();
        over.await();
    }

    private static Topology topology(String events, String facts) {
        Serde<Event.Message> messages = Serdes.serdeFrom(
                (topic, value) -> Json.write(value), (topic, bytes) -> Json.read(bytes, Event.Message.class));
        Serde<Person> states = Serdes.serdeFrom(
                (topic, value) -> Json.write(value), (topic, bytes) -> Json.read(bytes, Person.class));
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(Stores
                .keyValueStoreBuilder(Stores.persistentKeyValueStore(PEOPLE), Serdes.String(), states)
                .withCachingEnabled());
        builder.stream(events, Consumed.with(Serdes.String(), messages))
                .process(Fold::new, PEOPLE)
                .to(facts, Produced.with(Serdes.String(), Serdes.String()));
        return builder.build();
    }

    private static Properties properties(String[] arguments) {
        Properties given = new Properties();
        given.put(StreamsConfig.APPLICATION_ID_CONFIG, "peer-kafka-streams");
        given.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
        given.put(StreamsConfig.STATE_DIR_CONFIG, Path.of(arguments[3]).toString());
        given.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, arguments[4]);
        given.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        given.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        return given;
    }
}
