import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Verifies a webhook as a receiver in another language would: SECRET ID TIMESTAMP SIGNATURE BODY-FILE. */
class Verify {
    public static void main(String[] given) throws Exception {
        byte[] key = Base64.getDecoder().decode(given[0].substring("whsec_".length()));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        mac.update((given[1] + "." + given[2] + ".").getBytes(StandardCharsets.UTF_8));
        byte[] expected = mac.doFinal(Files.readAllBytes(Path.of(given[4])));
        byte[] found = Base64.getDecoder().decode(given[3].substring("v1,".length()));
        System.out.println(MessageDigest.isEqual(expected, found) ? "genuine" : "forged");
    }
}
