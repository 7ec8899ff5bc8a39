import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/** Gives a user a password: servers, name, password. The clients in Python cannot. */
class Scram {
    public static void main(String[] told) throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", told[0]))) {
            var how = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(told[1], how, told[2]))).all().get();
        }
    }
}
