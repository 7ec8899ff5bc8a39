import com.marcnuri.helm.Helm;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code CHART FOLDER [NAME RELEASE NAMESPACE KUBERNETES VALUES]...}: what Helm makes of a chart for each set of values
 * is written to NAME.manifests, or why it refuses them to NAME.refused; what its lint says of the chart, to lint.txt.
 */
class Charts {
    public static void main(String[] said) throws Exception {
        Path chart = Path.of(said[0]);
        Path folder = Path.of(said[1]);
        Files.write(folder.resolve("lint.txt"), new Helm(chart).lint().strict().call().getMessages());
        for (int at = 2; at < said.length; at += 5) {
            var template = new Helm(chart).template()
                .withName(said[at + 1]).withNamespace(said[at + 2]).withKubeVersion(said[at + 3]);
            for (String values : said[at + 4].split(";")) {
                template.withValuesFile(Path.of(values));
            }
            try {
                Files.writeString(folder.resolve(said[at] + ".manifests"), template.call());
            } catch (IllegalStateException refused) {
                Files.writeString(folder.resolve(said[at] + ".refused"), refused.getMessage());
            }
        }
    }
}
